/**
 * The engine on a CPU: which back end there is, the {@code Ops} and {@code Derivatives} that check,
 * share the work among threads and choose storage. Inner loops live in {@code kernels} (the scalar
 * reference) and {@code vector}; a caller needs {@link org.spike2former.tensor.cpu.Backends} and
 * {@link org.spike2former.tensor.cpu.Workers} alone.
 */
package org.spike2former.tensor.cpu;
