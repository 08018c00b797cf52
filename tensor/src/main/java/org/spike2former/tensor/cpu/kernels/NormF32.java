package org.spike2former.tensor.cpu.kernels;

/**
 * A BatchNorm as its backward needs it, with the statistics that its forward used, and the neuron
 * after it if there is one. Arrays are [C].
 *
 * @param mean μ
 * @param inverse 1/√(σ² + eps)
 * @param factor γ·inverse
 * @param shift β − μ·factor
 * @param bound D of the neuron without memory that fires on {@code fma(x, factor, shift)}; −1 for
 *     none
 * @param scale what one of its spikes stands for; 1 without a neuron
 */
public record NormF32(
    float[] mean, float[] inverse, float[] factor, float[] shift, int bound, float scale) {}
