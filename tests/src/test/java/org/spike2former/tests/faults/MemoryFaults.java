package org.spike2former.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.imageio.ImageIO;
import org.spike2former.cli.InProcess;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.layer.WeightType;

/**
 * A process of little memory in which images are segmented while ever more of it is free: the first
 * runs fail at their first allocation, the last ones do not. After each, with all memory free, the
 * same segmenter gives the right result.
 */
final class MemoryFaults {
  private static final int BLOCK = 64 << 10;

  private final Deque<byte[]> ballast = new ArrayDeque<>();

  private MemoryFaults() {}

  /** Ends with an error at the first wrong result. */
  public static void main(String[] args) throws IOException {
    Path samples = InProcess.ROOT.resolve("samples");
    BufferedImage small = ImageIO.read(samples.resolve("street.jpg").toFile());
    for (WeightType weights : WeightType.values()) {
      SegmenterOptions options = SegmenterOptions.builder().threads(2).weights(weights).build();
      Path model = InProcess.ROOT.resolve("models/camvid-small");
      try (Segmenter segmenter = Segmenter.load(model, options)) {
        new MemoryFaults().scan(segmenter, small.getSubimage(0, 0, 96, 64));
      }
    }
  }

  private void scan(Segmenter segmenter, BufferedImage image) {
    String expected = segmenter.segment(image).labelsDigest();
    int failures = 0;
    int successes = 0;
    for (int free = 0; successes < 3; free += 1 + free / 16) {
      fill();
      for (int i = 0; i < free && !ballast.isEmpty(); i++) {
        ballast.pop();
      }
      try {
        // Of another size, so that nothing is there from before.
        segmenter.segment(image.getSubimage(0, 0, 96 - failures % 32, 64));
        successes++;
      } catch (OutOfMemoryError _) {
        failures++;
        successes = 0;
      } finally {
        ballast.clear();
      }
      assertThat(segmenter.segment(image).labelsDigest())
          .as("after %d blocks", free)
          .isEqualTo(expected);
    }
    assertThat(failures).isGreaterThan(5);
  }

  private void fill() {
    try {
      while (true) {
        ballast.push(new byte[BLOCK]);
      }
    } catch (OutOfMemoryError _) {
      // It is full.
    }
  }
}
