package org.spike2former.data.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Tally;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.metric.MaskPrecision.Detection;
import org.spike2former.data.metric.MaskPrecision.Truth;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** Counts of parts, sent and added in order, are those of the whole to the last bit. */
class TallyTest {
  private static final int IMAGES = 40;

  /** Ratios whose sum depends on the order, among them. */
  private static final int PIXELS = 97;

  private static <T extends Tally<T>> void requireSame(
      Supplier<T> none, BiConsumer<T, Integer> image, Function<T, Object> figures)
      throws IOException, ClassNotFoundException {
    T whole = none.get();
    for (int i = 0; i < IMAGES; i++) {
      image.accept(whole, i);
    }
    for (int size : List.of(1, 3, 17, IMAGES)) {
      T merged = none.get();
      for (int from = 0; from < IMAGES; from += size) {
        T part = none.get();
        for (int i = from; i < Math.min(IMAGES, from + size); i++) {
          image.accept(part, i);
        }
        merged.add(sent(part));
      }
      assertThat(figures.apply(merged)).isEqualTo(figures.apply(whole));
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T sent(T part) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(part);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }

  /** Lengths of two halves of a row, one labelled and one predicted. */
  private static int[] lengths(int image) {
    Random random = new Random(image);
    return new int[] {1 + random.nextInt(PIXELS - 1), 1 + random.nextInt(PIXELS - 1)};
  }

  private static int[] halves(int length) {
    int[] ids = new int[PIXELS];
    for (int x = 0; x < PIXELS; x++) {
      ids[x] = x < length ? 1 : 2;
    }
    return ids;
  }

  @Test
  void confusion() throws IOException, ClassNotFoundException {
    requireSame(
        () -> new ConfusionMatrix(3),
        (matrix, i) -> {
          int[] of = lengths(i);
          matrix.add(labels(of[1]), labels(of[0]), 255);
        },
        matrix -> List.of(matrix.count(1, 1), matrix.count(1, 2), matrix.count(2, 1)));
  }

  private static LabelMap labels(int length) {
    byte[] labels = new byte[PIXELS];
    int[] ids = halves(length);
    for (int x = 0; x < PIXELS; x++) {
      labels[x] = (byte) ids[x];
    }
    return new LabelMap(1, PIXELS, labels);
  }

  @Test
  void panopticQuality() throws IOException, ClassNotFoundException {
    requireSame(
        () -> new PanopticQuality(true, false),
        (quality, i) -> quality.add(map(lengths(i)[0]), map(lengths(i)[1])),
        quality -> List.of(quality.counts(0), quality.counts(1)));
  }

  private static PanopticMap map(int length) {
    int[] ids = halves(length);
    Map<Integer, PanopticMap.Extent> extents = PanopticMap.extents(ids, PIXELS);
    List<Segment> segments =
        List.of(1, 2).stream()
            .map(
                id ->
                    new Segment(
                        id,
                        id - 1,
                        id == 1,
                        false,
                        1,
                        extents.get(id).area(),
                        extents.get(id).box()))
            .toList();
    return new PanopticMap(1, PIXELS, ids, 0, segments);
  }

  @Test
  void maskPrecision() throws IOException, ClassNotFoundException {
    requireSame(
        () -> new MaskPrecision(1),
        (precision, i) -> {
          int[] of = lengths(i);
          precision.add(
              List.of(new Truth(0, mask(of[0]), of[0], false)),
              List.of(new Detection(0, mask(of[1]), 1 / (1.0 + i % 7))));
        },
        precision -> List.of(precision.summary(), precision.precision(0)));
  }

  private static Rle mask(int length) {
    return new Rle(1, PIXELS, 0, length, PIXELS - length);
  }
}
