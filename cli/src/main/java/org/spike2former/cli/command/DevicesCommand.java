package org.spike2former.cli.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.accel.Device;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Offloads;
import org.spike2former.tensor.cpu.Backends;
import picocli.CommandLine.Command;

/** {@code s2f devices}: the devices there are to compute on. */
@Command(
    name = "devices",
    description = "Lists the devices there are to compute on, and says what is missing for more.",
    mixinStandardHelpOptions = true)
public final class DevicesCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    int processors = Runtime.getRuntime().availableProcessors();
    int bits = Backends.vectorBits();
    System.out.printf(
        Locale.ROOT,
        "%-12s %d processors, %s%n",
        bits == 0 ? "scalar" : "vector",
        processors,
        bits == 0 ? "without the Vector API" : "vectors of " + bits + " bits");
    try {
      for (Device device : Offloads.find(Offloads.TORNADO).devices()) {
        System.out.printf(
            Locale.ROOT,
            "%-12s %s, %s, %.1f GiB (%.1f GiB in one piece)%n",
            Offloads.TORNADO + ":" + device.driver() + ":" + device.index(),
            device,
            device.kind(),
            device.memoryBytes() / 0x1p30,
            device.largestArrayBytes() / 0x1p30);
      }
    } catch (OffloadException e) {
      System.out.printf(Locale.ROOT, "%-12s none: %s%n", Offloads.TORNADO, e.getMessage());
    }
    return 0;
  }
}
