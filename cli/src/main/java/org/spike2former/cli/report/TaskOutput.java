package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.spike2former.data.Task;
import org.spike2former.data.table.Table;
import org.spike2former.model.Segmenter;
import org.spike2former.model.panoptic.PanopticOptions;

/**
 * What {@code s2f segment} does for a task: how it computes, writes and shows.
 *
 * @param <R> the result
 */
public interface TaskOutput<R> {
  /**
   * That of a task.
   *
   * @param digest whether digests will be asked for
   */
  static TaskOutput<?> of(Task task, PanopticOptions options, boolean digest) {
    return switch (task) {
      case SEMANTIC -> new SemanticOutput(digest);
      case PANOPTIC -> new PanopticOutput(options);
      case INSTANCE -> new InstanceOutput(options);
    };
  }

  /** What follows an image's name and a hyphen in the names of the files. */
  List<String> files();

  /** Computes. */
  R compute(Segmenter segmenter, BufferedImage image);

  /**
   * Writes the files, each whole or not at all.
   *
   * @param image the file that was segmented
   * @param files in the order of {@link #files()}
   */
  void write(R result, Path image, List<Path> files) throws IOException;

  /** Adds what was found to a report. */
  void describe(R result, ObjectNode report);

  /** What was found, in lines. */
  Table<?> table(R result);

  /** SHA-256 of the result, by its key in reports. */
  SequencedMap<String, String> digests(R result);
}
