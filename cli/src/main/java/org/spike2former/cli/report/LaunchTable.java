package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.spike2former.accel.LaunchWork;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Roof;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;

/** What each launch of a plan asks for, and what a described device can make of it at most. */
public final class LaunchTable {
  private final Roof roof;
  private final List<LaunchWork> launches;
  private final LaunchWork total;

  /** The table of a plan's launches on a GPU. */
  public LaunchTable(Plan plan, Roof roof) {
    this.roof = roof;
    this.launches = plan.steps().stream().map(step -> LaunchWork.of(step, Lanes.WARPS)).toList();
    this.total = LaunchWork.sum(launches);
  }

  private double seconds() {
    return launches.stream().mapToDouble(roof::seconds).sum();
  }

  /**
   * For people: those that take longest first, and the sum of all.
   *
   * @param rows launches to print; 0 for all
   */
  public String text(int rows) {
    List<LaunchWork> longest =
        launches.stream()
            .sorted(Comparator.comparingDouble(work -> -roof.seconds(work)))
            .limit(rows == 0 ? Long.MAX_VALUE : rows)
            .toList();
    return String.format(
            Locale.ROOT,
            "%d launches: %,d bytes read, %,d written, %.3f G operations; at least %.3f ms on %s%n%n",
            launches.size(),
            total.read(),
            total.written(),
            total.operations() / 1e9,
            1e3 * seconds(),
            roof.name())
        + Table.of(
                longest,
                Column.right("µs", 8, "%.2f", work -> 1e6 * roof.seconds(work)),
                Column.right("share", 6, "%.3f", roof::share),
                Column.left("held back by", 12, roof::limit),
                Column.right("read, KiB", 10, "%.1f", work -> work.read() / 1024.0),
                Column.right("written", 9, "%.1f", work -> work.written() / 1024.0),
                Column.right("MOP", 9, "%.2f", work -> work.operations() / 1e6),
                Column.right("work-items", 10, LaunchWork::workItems),
                Column.left("kernel", 15, LaunchTable::kind),
                Column.left("layer or operation", LaunchTable::name))
            .text();
  }

  /** All of it, launches in the plan's order. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("device", roof.name()).put("launch_count", launches.size());
    node.put("read_bytes", total.read()).put("written_bytes", total.written());
    node.put("operations", total.operations()).put("least_seconds", seconds());
    Table<LaunchWork> table =
        Table.of(
            launches,
            Column.of("kernel", LaunchTable::kind),
            Column.of("name", LaunchTable::name),
            Column.of("stage", work -> work.step().stage()),
            Column.of("read_bytes", LaunchWork::read),
            Column.of("written_bytes", LaunchWork::written),
            Column.of("operations", LaunchWork::operations),
            Column.of("integer", LaunchWork::integer),
            Column.of("work_items", LaunchWork::workItems),
            Column.of("least_seconds", roof::seconds),
            Column.of("share", roof::share),
            Column.of("held_back_by", roof::limit));
    node.set("launches", table.json());
    return node;
  }

  private static String kind(LaunchWork work) {
    return work.step().kind().name().toLowerCase(Locale.ROOT);
  }

  private static String name(LaunchWork work) {
    return work.step().name();
  }
}
