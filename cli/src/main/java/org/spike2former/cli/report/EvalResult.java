package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What {@code s2f eval} found: metrics of a task. */
public interface EvalResult {
  /** How many images were segmented. */
  int images();

  /** What was wrong with those that were not. */
  List<String> skipped();

  /** Adds the metrics to a report. */
  void describe(ObjectNode report);

  /** Writes tables and pictures to a folder. */
  void write(Path folder) throws IOException;

  /** The metrics in lines. */
  String text();

  /** JSON has no NaN. */
  static void put(ObjectNode node, String name, double value) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
