/**
 * Tensors and {@code Ops}, the operations that the network is written against, with their
 * derivatives. Nothing here computes: implementations live in {@code cpu}, {@code autograd} and
 * other modules, weight layers in {@code layer}, files in {@code io}.
 */
package org.spike2former.tensor;
