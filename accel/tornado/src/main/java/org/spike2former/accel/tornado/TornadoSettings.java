package org.spike2former.accel.tornado;

import java.nio.file.Path;
import java.util.Map;

/**
 * TornadoVM's settings without which results are wrong or not the CPU's; a setting that the user
 * made stays.
 */
public final class TornadoSettings {
  private static final Map<String, String> SETTINGS =
      Map.of(
          // Otherwise a kernel that fails is silently replaced by its Java method.
          "tornado.recover.bailout", "False",
          // A product in a sum becomes one fused multiply-add, as on the CPU.
          "tornado.enable.fma", "True",
          // The outer of two parallel loops is the first dimension, on every device.
          "tornado.loop.interchange", "False",
          // The default flags allow relaxed arithmetic.
          "tornado.opencl.compiler.flags", "-w -cl-fp32-correctly-rounded-divide-sqrt",
          // The default is 4 GB, whatever the device has; the plan's own estimate guards it.
          "tornado.device.memory", "1024GB",
          // The default holds some thirty launches.
          "tornado.tvm.maxbytecodesize", "262144");

  private TornadoSettings() {}

  /** Makes the settings; before the first class of TornadoVM is loaded, which reads them. */
  public static void apply() {
    apply(SETTINGS);
  }

  /**
   * Lets TornadoVM append the source of every kernel that it compiles to a file.
   *
   * @param description of a device that need not be there; null for those that are
   */
  static void writeKernels(Path to, Path description) {
    apply(Map.of("tornado.printKernel", "True", "tornado.print.kernel.dir", to.toString()));
    if (description != null) {
      apply(
          Map.of("tornado.virtual.device", "True", "tornado.device.desc", description.toString()));
    }
  }

  private static void apply(Map<String, String> settings) {
    settings.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
