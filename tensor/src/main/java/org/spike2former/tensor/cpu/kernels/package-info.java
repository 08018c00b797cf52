/**
 * The inner loops as interfaces, each over a part of an operation's output, and the scalar
 * reference that says what every other implementation must give to the bit. Here too are the
 * exponential and the logarithm, the same on every machine. Internal to the engine, but for what
 * losses and devices share.
 */
package org.spike2former.tensor.cpu.kernels;
