package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.spike2former.data.loader.SplitTally;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.data.metric.PanopticQuality.Counts;
import org.spike2former.data.metric.PanopticQuality.Mean;
import org.spike2former.data.metric.PanopticQuality.Part;
import org.spike2former.data.metric.PanopticReport;
import org.spike2former.tensor.io.AtomicFile;

/**
 * Panoptic quality of every class.
 *
 * @param names of the classes
 */
public record PanopticResult(List<String> names, SplitTally<PanopticQuality> result)
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
    PanopticQuality quality = result.metric();
    ObjectNode summary = report.putObject("summary");
    for (Part part : Part.values()) {
      Mean mean = quality.mean(part);
      ObjectNode values = summary.putObject(part.title());
      EvalResult.put(values, "PQ", 100 * mean.pq());
      EvalResult.put(values, "SQ", 100 * mean.sq());
      EvalResult.put(values, "RQ", 100 * mean.rq());
      values.put("classes", mean.categories());
    }
    ObjectNode classes = report.putObject("per_class");
    for (int k = 0; k < quality.categories(); k++) {
      Counts counts = quality.counts(k);
      double none = counts.isEmpty() ? Double.NaN : 100;
      ObjectNode values = classes.putObject(names.get(k));
      EvalResult.put(values, "PQ", none * counts.pq());
      EvalResult.put(values, "SQ", none * counts.sq());
      EvalResult.put(values, "RQ", none * counts.rq());
      values.put("TP", counts.matches()).put("FP", counts.wrong()).put("FN", counts.missed());
    }
  }

  @Override
  public void write(Path folder) throws IOException {
    AtomicFile.write(
        folder.resolve("per-class.csv"), PanopticReport.classes(result.metric(), names).csv());
  }

  @Override
  public String text() {
    return PanopticReport.classes(result.metric(), names).text()
        + PanopticReport.means(result.metric()).text();
  }
}
