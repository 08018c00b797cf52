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
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/** Segmenters of {@link TinyModel}, all with the same weights. */
final class TinySegmenter {
  static final SegmenterOptions OPTIONS =
      SegmenterOptions.builder().backend(Backend.SCALAR).threads(1).build();

  /** Limits by which even random weights find something. */
  static final PanopticOptions LENIENT = new PanopticOptions(0.0, 0.0, false, 6);

  /** Of three classes the first are things. */
  static final int THINGS = 2;

  private static final List<String> NAMES = List.of("car", "tree", "sky");

  private static final Spike2Former NETWORK = TinyModel.network();

  static {
    Initialiser.fill(NETWORK.parameters(), 3);
    SplittableRandom random = new SplittableRandom(4);
    NETWORK.parameters().all().forEach(parameter -> vary(parameter, random));
  }

  private TinySegmenter() {}

  static Segmenter of(SegmenterOptions options) {
    return of(options, null, 1);
  }

  /** With a rule for the size, or null, and sides padded to multiples of a number. */
  static Segmenter of(SegmenterOptions options, ResizeRule resize, int sizeDivisor) {
    return Segmenter.of(
        NETWORK,
        preprocessing(resize, sizeDivisor),
        new ClassTable(NAMES, ClassTable.vocPalette(NAMES.size()), 255, THINGS),
        options);
  }

  /** Norms as of a trained network: without them few neurons fire, and masks are all alike. */
  private static void vary(Parameter parameter, SplittableRandom random) {
    if (parameter.name().endsWith("running_var")) {
      fill(parameter, random, 0.01, 0.2);
    } else if (parameter.name().endsWith("running_mean")) {
      fill(parameter, random, -0.3, 0.3);
    } else if (parameter.name().endsWith(".bias")) {
      fill(parameter, random, -1, 1);
    }
  }

  private static void fill(Parameter parameter, SplittableRandom random, double from, double to) {
    Tensor value = Tensor.zeros(DType.F32, parameter.shape());
    for (int i = 0; i < value.size(); i++) {
      value.floats()[i] = (float) random.nextDouble(from, to);
    }
    parameter.set(value);
  }

  private static Preprocessing preprocessing(ResizeRule resize, int sizeDivisor) {
    double[] mean = {120, 110, 100};
    double[] std = {30, 30, 30};
    return new Preprocessing(mean, std, resize, sizeDivisor);
  }

  /** With classes none of which is told apart. */
  static Segmenter semantic() {
    return Segmenter.of(NETWORK, preprocessing(null, 1), ClassTable.of(NAMES), OPTIONS);
  }

  /** The network of all of them. */
  static Spike2Former network() {
    return NETWORK;
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
