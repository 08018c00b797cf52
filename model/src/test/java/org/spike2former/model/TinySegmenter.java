package org.spike2former.model;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import org.spike2former.data.ClassTable;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.TinyModel;
import org.spike2former.tensor.Precision;

/** Segmenters of {@link TinyModel}, all with the same weights. */
final class TinySegmenter {
  static final SegmenterOptions OPTIONS = new SegmenterOptions("scalar", Precision.F32, 1, false);

  private static final Spike2Former NETWORK = TinyModel.network();

  static {
    Initialiser.fill(NETWORK.parameters(), 3);
  }

  private TinySegmenter() {}

  static Segmenter of(SegmenterOptions options) {
    return of(options, null, 1);
  }

  /** With a rule for the size, or null, and sides padded to multiples of a number. */
  static Segmenter of(SegmenterOptions options, ResizeRule resize, int sizeDivisor) {
    double[] mean = {120, 110, 100};
    double[] std = {30, 30, 30};
    return Segmenter.of(
        NETWORK,
        new Preprocessing(mean, std, resize, sizeDivisor),
        ClassTable.of(List.of("road", "tree", "sky")),
        options);
  }

  /** An image of random pixels. */
  static BufferedImage image(int width, int height, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return image;
  }
}
