package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.loader.Evaluator;
import org.spike2former.data.metric.ConfusionReport;
import org.spike2former.data.metric.SegmentationMetrics;
import org.spike2former.data.metric.SegmentationMetrics.Metric;
import org.spike2former.tensor.io.AtomicFile;

/**
 * IoU and its relatives of every class.
 *
 * @param data the data set's name
 * @param names of the classes
 */
public record SemanticResult(String data, List<String> names, Evaluator.Result result)
    implements EvalResult {
  @Override
  public int images() {
    return result.images();
  }

  @Override
  public List<String> skipped() {
    return result.skipped();
  }

  @Override
  public void describe(ObjectNode report) {
    SegmentationMetrics metrics = result.metrics();
    ObjectNode summary = report.putObject("summary");
    metrics.summary().forEach((name, value) -> EvalResult.put(summary, name, value));
    ObjectNode classes = report.putObject("per_class");
    for (int k = 0; k < metrics.classes(); k++) {
      ObjectNode values = classes.putObject(names.get(k));
      for (Metric metric : Metric.values()) {
        EvalResult.put(values, metric.title(), 100 * metrics.value(metric, k));
      }
    }
  }

  @Override
  public void write(Path folder) throws IOException {
    AtomicFile.write(folder.resolve("per-class.csv"), ConfusionReport.csv(result.metrics(), names));
    AtomicFile.write(folder.resolve("confusion.csv"), ConfusionReport.csv(result.matrix(), names));
    ImageFiles.writePng(
        ConfusionReport.draw(result.matrix(), names), folder.resolve("confusion.png"));
  }

  @Override
  public String text() {
    SegmentationMetrics metrics = result.metrics();
    StringBuilder out = new StringBuilder();
    metrics.table(names).forEach(line -> out.append(line).append('\n'));
    StringBuilder summary = new StringBuilder();
    metrics
        .summary()
        .forEach(
            (name, value) ->
                summary.append(
                    Double.isNaN(value)
                        ? name + " -  "
                        : String.format(Locale.ROOT, "%s %.2f  ", name, value)));
    out.append(summary.toString().strip()).append('\n');
    if (Double.isNaN(metrics.pixelAccuracy())) {
      out.append("no pixel of ").append(data).append(" has a class\n");
    }
    return out.toString();
  }
}
