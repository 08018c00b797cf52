package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.Segmentation;
import org.spike2former.model.Segmenter;

/** The class of every pixel. */
record SemanticOutput(boolean digest) implements TaskOutput<Segmentation> {
  @Override
  public List<String> files() {
    return List.of("overlay.png", "labels.png");
  }

  @Override
  public Segmentation compute(Segmenter segmenter, BufferedImage image) {
    return digest ? segmenter.segmentWithLogits(image) : segmenter.segment(image);
  }

  @Override
  public void write(Segmentation result, Path image, List<Path> files) throws IOException {
    ImageFiles.writePng(result.overlay(), files.get(0));
    result.labels().writePng(files.get(1));
  }

  /** Classes that occur, the largest first. */
  private static List<Integer> present(Segmentation result) {
    return IntStream.range(0, result.classes().size())
        .filter(k -> result.share(k) > 0)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> -result.share(k)))
        .toList();
  }

  @Override
  public void describe(Segmentation result, ObjectNode report) {
    ArrayNode classes = report.putArray("classes");
    for (int k : present(result)) {
      classes
          .addObject()
          .put("index", k)
          .put("name", result.classes().names().get(k))
          .put("share", result.share(k));
    }
  }

  @Override
  public Table<Integer> table(Segmentation result) {
    return Table.of(
        present(result),
        Column.right("", 7, "%.1f %%", k -> 100 * result.share(k)),
        Column.left("", k -> result.classes().names().get(k)));
  }

  @Override
  public SequencedMap<String, String> digests(Segmentation result) {
    SequencedMap<String, String> digests = new LinkedHashMap<>();
    digests.put("digest", result.digest());
    digests.put("labels_digest", result.labelsDigest());
    return digests;
  }
}
