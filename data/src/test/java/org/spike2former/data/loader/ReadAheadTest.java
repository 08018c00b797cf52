package org.spike2former.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.image.Exif;
import org.spike2former.data.image.ImageFiles;

class ReadAheadTest {
  @TempDir private Path folder;

  /** Images of 20, 21, 22… columns; the file at {@code broken} is none. */
  private List<Path> images(int broken) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Path file = folder.resolve(i + ".png");
      if (i == broken) {
        Files.writeString(file, "no image");
      } else {
        ImageFiles.writePng(new BufferedImage(20 + i, 20, BufferedImage.TYPE_3BYTE_BGR), file);
      }
      files.add(file);
    }
    return files;
  }

  @Test
  void aFileThatCannotBeReadDoesNotShiftTheOthers() throws IOException {
    List<Path> files = images(2);
    ReadAhead<BufferedImage> pictures =
        new ReadAhead<>(i -> Exif.APPLY.read(files.get(i)), 0, files.size());
    for (int i = 0; i < 5; i++) {
      if (i == 2) {
        assertThatThrownBy(pictures::next)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("2.png");
      } else {
        assertThat(pictures.next().getWidth()).isEqualTo(20 + i);
      }
    }
  }

  /** Without a thread to read it ahead, an image is still the one of its file. */
  @Test
  void wantOfMemoryForAThreadDoesNotShiftImages() throws IOException {
    AtomicInteger threads = new AtomicInteger();
    ThreadFactory failing =
        task -> {
          if (threads.getAndIncrement() % 2 == 1) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return new Thread(task);
        };
    List<Path> files = images(-1);
    ReadAhead<BufferedImage> pictures =
        new ReadAhead<>(i -> Exif.APPLY.read(files.get(i)), 0, files.size(), failing);
    for (int i = 0; i < 5; i++) {
      assertThat(pictures.next().getWidth()).isEqualTo(20 + i);
    }
    assertThat(threads).hasValue(5);
  }
}
