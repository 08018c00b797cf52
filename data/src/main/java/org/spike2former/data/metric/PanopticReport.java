package org.spike2former.data.metric;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.spike2former.data.metric.PanopticQuality.Counts;
import org.spike2former.data.metric.PanopticQuality.Mean;
import org.spike2former.data.metric.PanopticQuality.Part;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;

/** Qualities as tables, in percent; blank where no segment counted. */
public final class PanopticReport {
  private static final String FORMAT = "%.2f";
  private static final int WIDTH = 7;

  private PanopticReport() {}

  /** A row for each class. */
  public static Table<Integer> classes(PanopticQuality quality, List<String> names) {
    return Table.of(
        IntStream.range(0, quality.categories()).boxed().toList(),
        Column.left("class", names::get),
        Column.right("PQ", WIDTH, FORMAT, k -> percent(quality.counts(k), Counts::pq)),
        Column.right("SQ", WIDTH, FORMAT, k -> percent(quality.counts(k), Counts::sq)),
        Column.right("RQ", WIDTH, FORMAT, k -> percent(quality.counts(k), Counts::rq)),
        Column.right("TP", 6, k -> quality.counts(k).matches()),
        Column.right("FP", 6, k -> quality.counts(k).wrong()),
        Column.right("FN", 6, k -> quality.counts(k).missed()));
  }

  private static Double percent(Counts counts, ToDoubleFunction<Counts> value) {
    return counts.isEmpty() ? null : (Double) (100 * value.applyAsDouble(counts));
  }

  /** Means over all classes, those of things and those of stuff. */
  public static Table<Part> means(PanopticQuality quality) {
    return Table.of(
        Arrays.asList(Part.values()),
        Column.left("mean", Part::title),
        Column.right("PQ", WIDTH, FORMAT, part -> percent(quality, part, Mean::pq)),
        Column.right("SQ", WIDTH, FORMAT, part -> percent(quality, part, Mean::sq)),
        Column.right("RQ", WIDTH, FORMAT, part -> percent(quality, part, Mean::rq)),
        Column.right("classes", WIDTH, part -> quality.mean(part).categories()));
  }

  private static Double percent(PanopticQuality quality, Part part, ToDoubleFunction<Mean> value) {
    return 100 * value.applyAsDouble(quality.mean(part));
  }
}
