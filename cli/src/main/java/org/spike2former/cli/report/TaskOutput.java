package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.data.table.Table;
import org.spike2former.model.Segmenter;
import org.spike2former.model.panoptic.PanopticOptions;

/**
 * What {@code s2f segment} does for a task: how it computes, writes and shows.
 *
 * @param <R> the result
 */
public interface TaskOutput<R> {
  /** Pictures among the files of any task. */
  List<String> PICTURES = List.of("overlay.png", "labels.png", "confidence.png", "panoptic.png");

  /**
   * What is wanted of an image.
   *
   * @param limits of what becomes a segment or an instance
   * @param inference views of the image, for semantic segmentation
   * @param digest whether digests will be asked for
   * @param confidence whether it is of interest how sure a pixel's class is
   * @param style of the overlay
   */
  record Wanted(
      PanopticOptions limits,
      Inference inference,
      boolean digest,
      boolean confidence,
      OverlayStyle style) {}

  /**
   * That of a task.
   *
   * @throws IllegalArgumentException if more is wanted than the task has
   */
  static TaskOutput<?> of(Task task, Wanted wanted) {
    boolean plain = wanted.inference.isPlain() && !wanted.confidence;
    if (task != Task.SEMANTIC && !plain) {
      throw new IllegalArgumentException("--slide, --tta and --confidence go with task semantic");
    }
    return switch (task) {
      case SEMANTIC -> new SemanticOutput(wanted);
      case PANOPTIC -> new PanopticOutput(wanted.limits, wanted.style);
      case INSTANCE -> new InstanceOutput(wanted.limits, wanted.style);
    };
  }

  /** What follows an image's name and a hyphen in the names of the files. */
  List<String> files();

  /** Computes. */
  R compute(Segmenter segmenter, BufferedImage image);

  /**
   * Writes the files, each whole or not at all.
   *
   * @param image what was segmented, by its file's name
   * @param files in the order of {@link #files()}
   */
  void write(R result, String image, List<Path> files) throws IOException;

  /** Adds what was found to a report. */
  void describe(R result, ObjectNode report);

  /** What was found, in lines. */
  Table<?> table(R result);

  /** SHA-256 of the result, by its key in reports. */
  SequencedMap<String, String> digests(R result);
}
