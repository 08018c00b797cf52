package org.spike2former.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.option.ImageInputs.Input;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.Segmenter;

/** Several images at a time, with something in place of the network. */
class SegmentPassTest {
  private static final int IMAGES = 9;

  @TempDir Path folder;

  /** Finds an image's width. For those of one width memory does not suffice at first, or never. */
  private static final class Widths implements TaskOutput<Integer> {
    private final int scarce;
    private final int failures;
    private final Map<Integer, Integer> attempts = new ConcurrentHashMap<>();
    private final AtomicInteger computing = new AtomicInteger();
    private final AtomicInteger writing = new AtomicInteger();
    private int mostComputing;
    private boolean alone = true;

    Widths(int scarce, int failures) {
      this.scarce = scarce;
      this.failures = failures;
    }

    @Override
    public List<String> files() {
      return List.of("width.txt");
    }

    @Override
    public Integer compute(Segmenter segmenter, BufferedImage image) {
      mostComputing = Math.max(mostComputing, computing.incrementAndGet());
      try {
        int attempt = attempts.merge(image.getWidth(), 1, Integer::sum);
        if (image.getWidth() == scarce && attempt <= failures) {
          throw new OutOfMemoryError("none left");
        }
        alone &= attempt == 1 || writing.get() == 0;
        return image.getWidth();
      } finally {
        computing.decrementAndGet();
      }
    }

    @Override
    public void write(Integer width, String image, List<Path> files) throws IOException {
      writing.incrementAndGet();
      Files.writeString(files.getFirst(), image + " " + width);
      writing.decrementAndGet();
    }

    @Override
    public void describe(Integer width, ObjectNode report) {
      report.put("found", width);
    }

    @Override
    public Table<?> table(Integer width) {
      return Table.of(List.of(width), Column.right("", 1, "%d", x -> x));
    }

    @Override
    public SequencedMap<String, String> digests(Integer width) {
      return new LinkedHashMap<>();
    }
  }

  private List<SegmentTally.Found> run(Widths widths, int lanes) throws IOException {
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      Path file = folder.resolve(i + ".png");
      ImageFiles.writePng(new BufferedImage(10 + i, 8, BufferedImage.TYPE_3BYTE_BGR), file);
      inputs.add(new Input(file, file.toString(), "" + i, false));
    }
    List<SegmentTally.Found> found = new ArrayList<>();
    try (SegmentPass<Integer> pass =
        new SegmentPass<>(
            inputs,
            widths,
            image -> List.of(image.result(folder, "width.txt")),
            new SegmentPass.Extras(false, false, false),
            lanes,
            () -> Segmenter.load(InProcess.ROOT.resolve("models/camvid-small")))) {
      PassRunner.LOCAL.run(pass, (_, part) -> found.addAll(part.found()));
    }
    return found;
  }

  private void assertFound(List<SegmentTally.Found> all, int but) throws IOException {
    assertThat(all).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      SegmentTally.Found found = all.get(i);
      assertThat(found.image()).isEqualTo(i);
      if (i == but) {
        assertThat(found.error()).isEqualTo(folder.resolve(i + ".png") + ": " + Errors.NO_MEMORY);
      } else {
        assertThat(found.json().get("found").asInt()).isEqualTo(10 + i);
        assertThat(folder.resolve(i + "-width.txt")).hasContent(i + ".png " + (10 + i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 20})
  void imagesComeInTheirOrderAndTakeTurnsAtTheNetwork(int lanes) throws IOException {
    Widths widths = new Widths(-1, 0);
    assertFound(run(widths, lanes), -1);
    assertThat(widths.mostComputing).isEqualTo(1);
  }

  @Test
  void anImageThatDoesNotFitBesideOthersIsDoneAlone() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      Widths widths = new Widths(10 + i, 1);
      assertFound(run(widths, 3), -1);
      assertThat(widths.attempts.get(10 + i)).isEqualTo(2);
      assertThat(widths.alone).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void anImageThatDoesNotFitAtAllFails(int lanes) throws IOException {
    Widths widths = new Widths(14, 2);
    assertFound(run(widths, lanes), 4);
    assertThat(widths.attempts.get(14)).isEqualTo(lanes == 1 ? 1 : 2);
  }
}
