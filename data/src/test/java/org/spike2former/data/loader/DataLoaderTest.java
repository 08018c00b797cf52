package org.spike2former.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.ClassTable;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.Trees;

class DataLoaderTest {
  private static final int IMAGES = 7;
  private static final String AUGMENTED =
      """
        - random_resize: {ratio_range: [0.75, 1.5]}
        - random_crop: {size: [16, 20], cat_max_ratio: 0.75}
        - random_flip
        - photometric_distortion
        - pad: {size: [18, 20]}
      """;

  @TempDir private Path root;

  @BeforeEach
  void writeImages() throws IOException {
    Trees.folder(root, "train", IMAGES);
  }

  private DataConfig config(String pipeline) throws IOException {
    Path file = root.resolve("data.yaml");
    Files.writeString(
        file,
        "type: folder\nroot: " + root + "\nclasses: [even, odd]\ntrain_pipeline:\n" + pipeline);
    return DataConfig.read(file, root);
  }

  private DataLoader loader(
      String pipeline, long seed, int threads, OnBadImage onBadImage, long first)
      throws IOException {
    DataConfig config = config(pipeline);
    return new DataLoader(
        config.dataset("train"),
        config.trainPipeline(),
        config.preprocessing(),
        new LoaderConfig(3, seed, threads, onBadImage),
        first);
  }

  private List<Batch> batches(long seed, int threads, long first, int count) throws IOException {
    List<Batch> batches = new ArrayList<>();
    try (DataLoader loader = loader(AUGMENTED, seed, threads, OnBadImage.FAIL, first)) {
      for (int i = 0; i < count; i++) {
        batches.add(loader.next());
      }
    }
    return batches;
  }

  private static void requireSame(Batch a, Batch b) {
    assertThat(a.names()).isEqualTo(b.names());
    assertThat(a.images()).isEqualTo(b.images());
    assertThat(a.labels()).isEqualTo(b.labels());
  }

  @Test
  void batchesDoNotDependOnThreads() throws IOException {
    List<Batch> one = batches(11, 1, 0, 8);
    List<Batch> four = batches(11, 4, 0, 8);
    for (int i = 0; i < 8; i++) {
      requireSame(one.get(i), four.get(i));
    }
  }

  @Test
  void aLaterStartGoesOnExactly() throws IOException {
    List<Batch> all = batches(11, 2, 0, 8);
    List<Batch> rest = batches(11, 2, 5, 3);
    for (int i = 0; i < 3; i++) {
      requireSame(all.get(5 + i), rest.get(i));
    }
  }

  @Test
  void seedsDiffer() throws IOException {
    assertThat(batches(11, 1, 0, 4).stream().map(Batch::names).toList())
        .isNotEqualTo(batches(12, 1, 0, 4).stream().map(Batch::names).toList());
  }

  /** 7 batches of 3 are three epochs of 7 images. */
  @Test
  void everyEpochShowsEveryImageOnce() throws IOException {
    List<String> names = new ArrayList<>();
    batches(5, 2, 0, 7).forEach(batch -> names.addAll(batch.names()));
    List<List<String>> epochs = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      epochs.add(names.subList(epoch * IMAGES, (epoch + 1) * IMAGES));
      assertThat(epochs.get(epoch)).doesNotHaveDuplicates().hasSize(IMAGES);
    }
    assertThat(epochs.get(0)).isNotEqualTo(epochs.get(1));
  }

  @Test
  void batchesAreNormalisedAndPadded() throws IOException {
    try (DataLoader loader =
        loader("  - pad: {size: [30, 40], divisor: 16}\n", 0, 1, OnBadImage.FAIL, 0)) {
      Batch batch = loader.next();
      assertThat(batch.size()).isEqualTo(3);
      assertThat(batch.height()).isEqualTo(32);
      assertThat(batch.width()).isEqualTo(48);
      assertThat(batch.images()).hasSize(3 * 32 * 48 * 3);
      for (int i = 0; i < 3; i++) {
        int number = Integer.parseInt(batch.names().get(i));
        int first = i * 32 * 48;
        float red = (10 * number - 123.675f) / 58.395f;
        float green = (0 - 116.28f) / 57.12f;
        assertThat(batch.images()[3 * first]).isEqualTo(red);
        assertThat(batch.images()[3 * first + 1]).isEqualTo(green);
        assertThat(batch.images()[3 * (first + 31)]).isEqualTo(red);
        assertThat(batch.images()[3 * (first + 32)]).isZero();
        assertThat(batch.images()[3 * (first + 24 * 48)]).isZero();
        assertThat(batch.labels()[first]).isEqualTo((byte) (number % 2));
        assertThat(batch.labels()[first + 16]).isEqualTo((byte) 255);
        assertThat(batch.labels()[first + 32]).isEqualTo((byte) 255);
        assertThat(batch.labels()[first + 24 * 48]).isEqualTo((byte) 255);
      }
    }
  }

  @Test
  void sizesThatDifferArePaddedToTheLargest() throws IOException {
    try (DataLoader loader =
        loader("  - random_resize: {ratio_range: [0.5, 2]}\n", 3, 1, OnBadImage.FAIL, 0)) {
      Batch batch = loader.next();
      assertThat(batch.images()).hasSize(3 * batch.size() * batch.height() * batch.width());
      assertThat(batch.labels()).hasSize(batch.size() * batch.height() * batch.width());
    }
  }

  @Test
  void aBadImageStopsOrIsReplacedByTheNext() throws IOException {
    Path bad = root.resolve("images/train/003.png");
    List<String> before = new ArrayList<>();
    batches(5, 1, 0, 7).forEach(batch -> before.addAll(batch.names()));
    byte[] bytes = Files.readAllBytes(bad);
    Files.write(bad, java.util.Arrays.copyOf(bytes, bytes.length / 2));

    try (DataLoader loader = loader(AUGMENTED, 5, 2, OnBadImage.FAIL, 0)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 3; i++) {
                  loader.next();
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(bad + ": ");
    }
    for (int threads : new int[] {1, 4}) {
      List<String> after = new ArrayList<>();
      try (DataLoader loader = loader(AUGMENTED, 5, threads, OnBadImage.SKIP, 0)) {
        for (int i = 0; i < 7; i++) {
          after.addAll(loader.next().names());
        }
      }
      for (int i = 0; i < before.size(); i++) {
        int next = i % IMAGES == IMAGES - 1 ? i - IMAGES + 1 : i + 1;
        String expected = before.get(i).equals("003") ? before.get(next) : before.get(i);
        assertThat(after.get(i)).isEqualTo(expected);
      }
    }
  }

  @Test
  void nothingButBadImagesIsAnError() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      Files.write(root.resolve("images/train/00" + i + ".png"), new byte[] {1, 2, 3});
    }
    try (DataLoader loader = loader(AUGMENTED, 5, 2, OnBadImage.SKIP, 0)) {
      assertThatThrownBy(loader::next)
          .hasMessageStartingWith(
              "folder train: not one of its images can be used; the first: " + root);
    }
  }

  @Test
  void imagesWithoutAnyClassAreUsed() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      Trees.labels(root.resolve("annotations/train/00" + i + ".png"), 255, 255);
    }
    Batch batch = batches(1, 1, 0, 1).get(0);
    assertThat(batch.labels()).containsOnly(255);
    assertThat(batch.size()).isEqualTo(3);
  }

  @Test
  void checkCountsAndNamesTheFirstBadFile() throws IOException {
    Files.write(root.resolve("images/train/004.png"), new byte[] {1, 2, 3});
    Files.delete(root.resolve("annotations/train/002.png"));
    Trees.labels(root.resolve("annotations/train/001.png"), 255, 255);
    Dataset dataset =
        DataConfig.ofFolder(root, ClassTable.of(List.of("even", "odd"))).dataset("train");
    int[] steps = new int[1];
    DataCheck check = DataCheck.of(dataset, 3, () -> steps[0]++);
    assertThat(steps[0]).isEqualTo(IMAGES);
    assertThat(check.bad()).isEqualTo(2);
    assertThat(check.firstBad())
        .isEqualTo(root.resolve("annotations/train/002.png") + ": no such file");
    assertThat(check.emptyImages()).isEqualTo(1);
    assertThat(check.images(0)).isEqualTo(2);
    assertThat(check.pixels(1)).isEqualTo(2 * 12 * 32);
    assertThat(check.withoutClass()).isEqualTo(6 * 12 * 32);
    assertThat(check.share(1)).isEqualTo(0.2);
    assertThat(check.commonSize()).isEqualTo("32x24");
    assertThat(check.sizes()).containsOnlyKeys("32x24");
  }
}
