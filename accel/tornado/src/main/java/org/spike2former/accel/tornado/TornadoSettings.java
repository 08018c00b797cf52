package org.spike2former.accel.tornado;

import java.util.Map;

/**
 * TornadoVM's settings without which results are wrong or not the CPU's; a setting that the user
 * made stays.
 */
final class TornadoSettings {
  private static final Map<String, String> SETTINGS =
      Map.of(
          // Otherwise a kernel that fails is silently replaced by its Java method.
          "tornado.recover.bailout", "False",
          // A product in a sum becomes one fused multiply-add, as on the CPU.
          "tornado.enable.fma", "True",
          // The default flags allow relaxed arithmetic.
          "tornado.opencl.compiler.flags", "-w -cl-fp32-correctly-rounded-divide-sqrt",
          // The default is 1 GB, whatever the device has; the plan's own estimate guards it.
          "tornado.device.memory", "1024GB",
          // The default holds some thirty launches.
          "tornado.tvm.maxbytecodesize", "262144");

  private TornadoSettings() {}

  static void apply() {
    SETTINGS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
