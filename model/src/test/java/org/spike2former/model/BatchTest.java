package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.image.ImageFiles;

class BatchTest {
  @TempDir Path folder;

  private Path photo(int number) throws IOException {
    Path file = folder.resolve("photo" + number + ".png");
    ImageFiles.writePng(TinySegmenter.image(20 + number, 32, number), file);
    return file;
  }

  @Test
  void resultsComeInOrderAndFailuresStopNothing() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "no photo");
    Path narrow = folder.resolve("narrow.png");
    ImageFiles.writePng(TinySegmenter.image(3, 2000, 1), narrow);
    List<Path> files =
        List.of(photo(1), text, photo(2), narrow, folder.resolve("missing.png"), photo(3));
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS)) {
      List<BatchItem> items = segmenter.segmentAll(files.stream(), Keep.LOGITS).toList();
      assertThat(items).extracting(BatchItem::file).isEqualTo(files);
      for (int i : new int[] {0, 2, 5}) {
        Segmentation alone = segmenter.segment(files.get(i), Keep.LOGITS);
        assertThat(items.get(i).orThrow().digest()).isEqualTo(alone.digest());
        assertThat(items.get(i).failure()).isNull();
      }
      for (int i : new int[] {1, 4}) {
        assertThat(items.get(i).failure()).isInstanceOf(IOException.class);
        assertThatThrownBy(items.get(i)::orThrow).isSameAs(items.get(i).failure());
      }
      assertThatIllegalArgumentException()
          .isThrownBy(items.get(3)::orThrow)
          .withMessageStartingWith(narrow + ": ")
          .withMessageContaining(items.get(3).failure().getMessage());
    }
  }

  @Test
  void aFewFilesAreReadAhead() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      files.add(photo(i));
    }
    AtomicInteger taken = new AtomicInteger();
    try (Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS);
        Stream<BatchItem> items =
            segmenter.segmentAll(files.stream().peek(_ -> taken.incrementAndGet()))) {
      Iterator<BatchItem> iterator = items.iterator();
      for (int i = 0; i < 12; i++) {
        assertThat(iterator.next().file()).isEqualTo(files.get(i));
        assertThat(taken.get()).isLessThanOrEqualTo(Math.min(12, i + 5));
      }
      assertThat(iterator.hasNext()).isFalse();
    }
  }

  @Test
  void whatEndsACallEndsTheStream() throws IOException {
    List<Path> files = List.of(photo(1), photo(2));
    Segmenter segmenter = TinySegmenter.of(TinySegmenter.OPTIONS);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> segmenter.segmentAll(files.stream()).toList())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    segmenter.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> segmenter.segmentAll(files.stream()).toList())
        .withMessage("the segmenter is closed");
  }
}
