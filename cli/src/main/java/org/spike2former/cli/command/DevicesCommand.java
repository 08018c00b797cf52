package org.spike2former.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.accel.Device;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Offloads;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.tensor.cpu.Backends;
import picocli.CommandLine.Command;

/** {@code s2f devices}: the devices there are to compute on. */
@Command(
    name = "devices",
    description = "Lists the devices there are to compute on, and says what is missing for more.",
    mixinStandardHelpOptions = true)
public final class DevicesCommand implements Callable<Integer> {
  private record Line(String backend, String description) {}

  @Override
  public Integer call() {
    int processors = Runtime.getRuntime().availableProcessors();
    int bits = Backends.vectorBits();
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line(
            bits == 0 ? "scalar" : "vector",
            processors
                + " processors, "
                + (bits == 0 ? "without the Vector API" : "vectors of " + bits + " bits")));
    try {
      Offloads.find(Offloads.TORNADO).devices().forEach(device -> lines.add(line(device)));
    } catch (OffloadException e) {
      lines.add(new Line(Offloads.TORNADO, "none: " + e.getMessage()));
    }
    Table<Line> table =
        Table.of(lines, Column.left("", 12, Line::backend), Column.left("", Line::description));
    System.out.print(table.text());
    return 0;
  }

  private static Line line(Device device) {
    return new Line(
        Offloads.TORNADO + ":" + device.driver() + ":" + device.index(),
        String.format(
            Locale.ROOT,
            "%s, %s, %.1f GiB (%.1f GiB in one piece)",
            device,
            device.kind(),
            device.memoryBytes() / 0x1p30,
            device.largestArrayBytes() / 0x1p30));
  }
}
