/**
 * The inner loops of inference with the Vector API, bit for bit those of {@code kernels}; one file
 * holds one family. Only classes named {@code Vector…} know the incubating module. Internal to the
 * engine; gradients are in {@code gradient}.
 */
package org.spike2former.tensor.cpu.vector;
