package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.spike2former.data.loader.SplitTally;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.tensor.io.AtomicFile;

/**
 * Average precision of masks, as COCO's evaluation.
 *
 * @param names of the classes that are things
 */
public record InstanceResult(List<String> names, SplitTally<MaskPrecision> result)
    implements EvalResult {
  @Override
  public int images() {
    return result.images();
  }

  @Override
  public List<String> skipped() {
    return result.skipped();
  }

  /** In percent; NaN where there is no object. */
  private static double percent(double value) {
    return value < 0 ? Double.NaN : 100 * value;
  }

  private Map<String, Double> summary() {
    MaskPrecision.Summary summary = result.metric().summary();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("AP", summary.ap());
    values.put("AP50", summary.ap50());
    values.put("AP75", summary.ap75());
    values.put("AP small", summary.apSmall());
    values.put("AP medium", summary.apMedium());
    values.put("AP large", summary.apLarge());
    values.put("AR 1", summary.ar1());
    values.put("AR 10", summary.ar10());
    values.put("AR 100", summary.ar100());
    values.put("AR small", summary.arSmall());
    values.put("AR medium", summary.arMedium());
    values.put("AR large", summary.arLarge());
    values.replaceAll((_, value) -> percent(value));
    return values;
  }

  @Override
  public void describe(ObjectNode report) {
    ObjectNode summary = report.putObject("summary");
    summary().forEach((name, value) -> EvalResult.put(summary, name, value));
    ObjectNode classes = report.putObject("per_class");
    for (int k = 0; k < names.size(); k++) {
      EvalResult.put(classes.putObject(names.get(k)), "AP", percent(result.metric().precision(k)));
    }
  }

  private Table<Integer> table() {
    return Table.of(
        IntStream.range(0, names.size()).boxed().toList(),
        Column.left("class", names::get),
        Column.right("AP", 7, "%.2f", k -> percent(result.metric().precision(k))));
  }

  @Override
  public void write(Path folder) throws IOException {
    AtomicFile.write(folder.resolve("per-class.csv"), table().csv());
  }

  @Override
  public String text() {
    Table<Map.Entry<String, Double>> means =
        Table.of(
            List.copyOf(summary().entrySet()),
            Column.left("mean", Map.Entry::getKey),
            Column.right("", 7, "%.2f", Map.Entry::getValue));
    return table().text() + means.text();
  }
}
