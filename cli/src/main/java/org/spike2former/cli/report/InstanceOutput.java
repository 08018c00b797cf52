package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.spike2former.data.coco.CocoResults;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.InstanceSegmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.panoptic.Instance;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.report.Findings;
import org.spike2former.tensor.io.AtomicFile;

/** Things alone, one by one. */
record InstanceOutput(PanopticOptions options, OverlayStyle style)
    implements TaskOutput<InstanceSegmentation> {
  @Override
  public List<String> files() {
    return List.of("overlay.png", "instances.json");
  }

  @Override
  public InstanceSegmentation compute(Segmenter segmenter, BufferedImage image) {
    return segmenter.instances(image, options, null);
  }

  @Override
  public void write(InstanceSegmentation result, String image, List<Path> files)
      throws IOException {
    ImageFiles.writePng(result.overlay(style), files.get(0));
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Instance found : result.instances()) {
      json.add(CocoResults.instance(image, found.category(), found.score(), found.mask()));
    }
    AtomicFile.write(files.get(1), json.toPrettyString() + "\n");
  }

  @Override
  public void describe(InstanceSegmentation result, ObjectNode report) {
    Findings.describe(result, report);
  }

  /** Those that the picture shows; the file has all. */
  @Override
  public Table<Integer> table(InstanceSegmentation result) {
    List<Instance> all = result.instances();
    double pixels = (double) result.image().getWidth() * result.image().getHeight();
    return Table.of(
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).score() >= InstanceSegmentation.SHOWN)
            .boxed()
            .toList(),
        Column.right("", 7, "%.1f %%", i -> 100 * all.get(i).mask().area() / pixels),
        Column.left("", i -> result.name(all.get(i)) + " " + (i + 1)),
        Column.right("", 6, "%.3f", i -> all.get(i).score()));
  }

  @Override
  public SequencedMap<String, String> digests(InstanceSegmentation result) {
    SequencedMap<String, String> digests = new LinkedHashMap<>();
    digests.put("digest", result.digest());
    return digests;
  }
}
