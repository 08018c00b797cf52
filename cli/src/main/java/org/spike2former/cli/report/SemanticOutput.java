package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.ConfidenceMap;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.report.Findings;

/** The class of every pixel. */
record SemanticOutput(Wanted wanted) implements TaskOutput<SemanticOutput.Result> {
  /** In the table of classes, the whole image. */
  private static final int ALL = -1;

  /**
   * What was found.
   *
   * @param shares of the pixels in each class, 0…1
   * @param confidence null where it is not wanted
   */
  record Result(Segmentation segmentation, double[] shares, ConfidenceMap confidence) {
    double share(int k) {
      return k == ALL ? 1 : shares[k];
    }

    String name(int k) {
      return k == ALL ? "all" : segmentation.classes().names().get(k);
    }

    double doubtful(int k) {
      return k == ALL ? confidence.doubtful() : confidence.doubtful(segmentation.labels(), k);
    }
  }

  @Override
  public List<String> files() {
    return wanted.confidence()
        ? List.of("overlay.png", "labels.png", "confidence.png")
        : List.of("overlay.png", "labels.png");
  }

  @Override
  public Result compute(Segmenter segmenter, BufferedImage image) {
    boolean logits = wanted.digest() || wanted.confidence();
    Keep[] keep = logits ? new Keep[] {Keep.LOGITS} : new Keep[0];
    Segmentation found = segmenter.segment(image, wanted.inference(), keep);
    return new Result(found, found.shares(), wanted.confidence() ? found.confidence() : null);
  }

  @Override
  public void write(Result result, String image, List<Path> files) throws IOException {
    Segmentation found = result.segmentation;
    ImageFiles.writePng(found.overlay(wanted.style()), files.get(0));
    found.labels().writePng(files.get(1), found.classes());
    if (wanted.confidence()) {
      ImageFiles.writePng(result.confidence.toImage(), files.get(2));
    }
  }

  @Override
  public void describe(Result result, ObjectNode report) {
    Findings.describe(result.segmentation, result.confidence, report);
  }

  @Override
  public Table<Integer> table(Result result) {
    List<Integer> rows = new ArrayList<>(Findings.present(result.shares));
    if (!wanted.confidence()) {
      return Table.of(
          rows,
          Column.right("", 7, "%.1f %%", k -> 100 * result.share(k)),
          Column.left("", result::name));
    }
    rows.add(ALL);
    return Table.of(
        rows,
        Column.right("pixels", 7, "%.1f %%", k -> 100 * result.share(k)),
        Column.left("class", result::name),
        Column.right("confidence < 0.5", 7, "%.1f %%", k -> 100 * result.doubtful(k)));
  }

  @Override
  public SequencedMap<String, String> digests(Result result) {
    SequencedMap<String, String> digests = new LinkedHashMap<>();
    digests.put("digest", result.segmentation.digest());
    digests.put("labels_digest", result.segmentation.labelsDigest());
    return digests;
  }
}
