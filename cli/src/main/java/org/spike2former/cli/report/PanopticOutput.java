package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.spike2former.data.coco.CocoResults;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.PanopticSegmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.report.Findings;
import org.spike2former.tensor.io.AtomicFile;

/** Things one by one, and stuff by class. */
record PanopticOutput(PanopticOptions options, OverlayStyle style)
    implements TaskOutput<PanopticSegmentation> {
  @Override
  public List<String> files() {
    return List.of("overlay.png", "panoptic.png", "segments.json");
  }

  @Override
  public PanopticSegmentation compute(Segmenter segmenter, BufferedImage image) {
    return segmenter.panoptic(image, options, null);
  }

  @Override
  public void write(PanopticSegmentation result, String image, List<Path> files)
      throws IOException {
    ImageFiles.writePng(result.overlay(style), files.get(0));
    PanopticPng.write(CocoResults.ids(result.map()), files.get(1));
    ObjectNode json =
        CocoResults.panoptic(
            image, files.get(1).getFileName().toString(), result.map(), result.classes());
    AtomicFile.write(files.get(2), json.toPrettyString() + "\n");
  }

  @Override
  public void describe(PanopticSegmentation result, ObjectNode report) {
    Findings.describe(result, report);
  }

  @Override
  public Table<Segment> table(PanopticSegmentation result) {
    Map<Integer, Integer> numbers = result.numbers();
    double pixels = result.map().ids().length;
    return Table.of(
        result.segments(),
        Column.right("", 7, "%.1f %%", s -> 100 * s.area() / pixels),
        Column.left("", s -> result.name(s) + (s.thing() ? " " + numbers.get(s.id()) : "")),
        Column.right("", 6, "%.3f", Segment::score));
  }

  @Override
  public SequencedMap<String, String> digests(PanopticSegmentation result) {
    SequencedMap<String, String> digests = new LinkedHashMap<>();
    digests.put("digest", result.digest());
    return digests;
  }
}
