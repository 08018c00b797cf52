package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.spike2former.cli.console.Lines;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.train.Quality;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.report.RunRecord;
import org.spike2former.train.report.RunRecord.Score;

/** Runs next to each other, the best first. */
public final class RunComparison {
  /** A printed line has so many of the keys that differ. */
  private static final int MOST_KEYS = 4;

  private final List<Run> runs;
  private final List<String> keys;

  /**
   * A run.
   *
   * @param name that tells it from the others
   * @param values of the keys of its configuration
   */
  public record Run(String name, RunRecord record, Map<String, JsonNode> values) {
    private double best() {
      Score best = record.best();
      return best == null ? Double.NaN : best.value();
    }
  }

  /** Runs in any order; at least one. */
  public RunComparison(List<RunRecord> records) {
    List<Path> paths =
        records.stream().map(run -> run.folder().path().toAbsolutePath().normalize()).toList();
    int shared = shared(paths);
    List<Run> all = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      Path path = paths.get(i);
      String name =
          path.subpath(Math.min(shared, path.getNameCount() - 1), path.getNameCount()).toString();
      all.add(new Run(name, records.get(i), TrainConfig.leaves(records.get(i).config())));
    }
    runs =
        all.stream()
            .sorted(
                Comparator.comparing(
                    Run::best,
                    Comparator.comparing((Double best) -> Double.isNaN(best) ? 1 : -best)))
            .toList();
    keys = differing(runs);
  }

  /** So many first names are the same in all paths. */
  private static int shared(List<Path> paths) {
    int shared = 0;
    Path first = paths.getFirst();
    while (shared < first.getNameCount() - 1) {
      Path start = first.subpath(0, shared + 1);
      int length = shared + 1;
      if (!paths.stream()
          .allMatch(
              path -> path.getNameCount() > length && path.subpath(0, length).equals(start))) {
        break;
      }
      shared++;
    }
    return shared;
  }

  private static List<String> differing(List<Run> runs) {
    TreeSet<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(run.values.keySet()));
    keys.removeIf(key -> runs.stream().map(run -> text(run, key)).distinct().count() < 2);
    return List.copyOf(keys);
  }

  /** What a run has for a key; null if nothing. */
  private static String text(Run run, String key) {
    return switch (run.values.get(key)) {
      case null -> null;
      case NullNode _ -> null;
      case NumericNode number -> Lines.number(number.asDouble());
      case JsonNode value when value.isValueNode() -> value.asText();
      case JsonNode value -> value.toString();
    };
  }

  /** The runs, the best first. */
  public List<Run> runs() {
    return runs;
  }

  /** All there is. */
  public Table<Run> table() {
    return new Table<>(columns(keys), runs);
  }

  /** What fits on paper: the first keys, and a line about the others. */
  public String text() {
    List<String> shown = keys.subList(0, Math.min(MOST_KEYS, keys.size()));
    String more =
        keys.size() <= MOST_KEYS
            ? ""
            : "they differ in "
                + (keys.size() - MOST_KEYS)
                + " more keys, which --csv and --json have: "
                + String.join(", ", keys.subList(MOST_KEYS, keys.size()))
                + "\n";
    return new Table<>(columns(shown), runs).text() + more;
  }

  private List<Column<Run>> columns(List<String> shown) {
    List<Column<Run>> columns = new ArrayList<>();
    columns.add(Column.left("run", Run::name));
    shown.forEach(key -> columns.add(Column.right(key, 0, run -> text(run, key))));
    columns.add(
        Column.right("steps", 0, run -> run.record.steps() + "/" + run.record.iterations()));
    List<Quality> measures = runs.stream().map(run -> run.record.measure()).distinct().toList();
    for (Quality measure : measures) {
      String name = measure.title();
      columns.add(Column.right(name, 6, "%.2f", run -> percent(run, measure, run.record.best())));
      columns.add(Column.right("at", 0, run -> step(run, measure)));
      columns.add(Column.right("last", 6, "%.2f", run -> percent(run, measure, run.record.last())));
    }
    columns.add(Column.right("loss", 7, "%.3f", run -> run.record.loss()));
    columns.add(Column.right("img/s", 6, "%.2f", run -> run.record.imagesPerSecond()));
    columns.add(Column.right("time", 0, run -> Lines.clock(run.record.seconds())));
    return columns;
  }

  private static Double percent(Run run, Quality measure, Score score) {
    return score == null || run.record.measure() != measure ? null : 100 * score.value();
  }

  private static Long step(Run run, Quality measure) {
    Score best = run.record.best();
    return best == null || run.record.measure() != measure ? null : best.step();
  }
}
