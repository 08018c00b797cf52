package org.spike2former.accel.tornado.kernels;

/** The fused multiply-add, which TornadoVM knows only as a product in a sum. */
final class Fused {
  private Fused() {}

  /**
   * {@code fma(a, b, c)} on a device, with {@code tornado.enable.fma=True} and no relaxed
   * arithmetic. As Java it rounds twice; tests put {@code Math.fma} in its place.
   */
  static float multiplyAdd(float a, float b, float c) {
    return a * b + c;
  }
}
