/**
 * Kernels: plain static methods that TornadoVM compiles for a device and that also run as Java.
 *
 * <p>What TornadoVM makes of a method differs from Java in places, so kernels keep to some rules:
 * loops have one exit and a counter; no {@code >>>}, no {@code Math.rint}, {@code Math.fma} or
 * {@code Math.round}; a product that goes into a sum is fused on the device ({@link Fused}), and
 * compilers may fuse one that goes into a difference, so a product that must be rounded by itself
 * goes into the sum with a −0 that no compiler knows ({@link ResizeKernels}); a quotient is a
 * {@link Quotient}, because devices divide in several ways. The outer of two parallel loops runs
 * over channels, because it becomes the device's first dimension, whose neighbours should read
 * neighbouring weights. An array in local memory stays in the method that makes it: of one that is
 * handed on, TornadoVM takes the places of a Java array's elements.
 *
 * <p>For speed, work-items keep a few neighbouring channels in a private array ({@link Tiles}), and
 * inner loops have no branches: a compiler makes vectors of such an array only where no branch
 * splits its life. NaN is nobody's concern here: a device's minimum and maximum pass over it.
 *
 * <p>Of a kernel on spikes its twin on real numbers is generated, because only a type changes. The
 * other variants are written out: float, 8-bit, dense and depthwise ones differ in the order of
 * their loops, in what a tap outside the map costs and in what becomes of the sums, and a flat
 * method has no other way to say it. Each class fills its kernels' parameters in one place.
 */
package org.spike2former.accel.tornado.kernels;
