/**
 * Kernels: plain static methods that TornadoVM compiles for a device and that also run as Java.
 *
 * <p>What TornadoVM makes of a method differs from Java in places, so kernels keep to some rules:
 * loops have one exit and a counter; no {@code >>>}, no {@code Math.rint}, {@code Math.fma} or
 * {@code Math.round}; a product that goes into a sum is fused on the device ({@link Fused}), and a
 * product that must be rounded by itself goes into a difference. The outer of two parallel loops
 * runs over channels, because it becomes the device's first dimension, whose neighbours should read
 * neighbouring weights.
 */
package org.spike2former.accel.tornado.kernels;
