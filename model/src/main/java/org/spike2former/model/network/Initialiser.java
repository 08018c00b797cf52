package org.spike2former.model.network;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/**
 * Gives parameters without a value a random one, which depends only on the scheme, the seed and the
 * order of names. In every scheme BatchNorms are the identity, embeddings unit normal and the
 * shortcut's weight 1.
 */
public final class Initialiser {
  /** The release's initial value of the {@code gamma} vectors. */
  public static final double LAYER_SCALE = 1e-6;

  /** How weights of convolutions and linear layers, and their biases, are drawn. */
  public enum Scheme {
    /** Normal with variance 2 / fan-in; biases 0. */
    HE,
    /**
     * The release's, layer by layer:
     *
     * <ul>
     *   <li>PyTorch's own for all that the release leaves alone (the backbone, when it is not
     *       pre-trained, among it): weights and biases uniform in ±1/√fan-in;
     *   <li>in the pixel decoder {@code encoder_in_proj}, {@code encoder_out_proj}, {@code
     *       mask_feature} and the lateral and output convolutions 0 and 1 (not 2): uniform in
     *       ±√(3/fan-in), biases 0;
     *   <li>the transformer decoder's weights: uniform in ±√(6/(fan-in + fan-out));
     *   <li>offsets and masks of the deformable attention: 0;
     *   <li>{@code cls_embed}: normal with deviation 0.02, bias 0;
     *   <li>an FPN's neck: uniform in ±√(6/(fan-in + fan-out)), biases 0;
     *   <li>an FPN's {@code conv_seg}: normal with deviation 0.01, bias 0.
     * </ul>
     */
    RELEASE
  }

  private final ParameterSet parameters;
  private final Scheme scheme;
  private final double layerScale;
  private final RandomGenerator random;

  private Initialiser(ParameterSet parameters, Scheme scheme, long seed, double layerScale) {
    this.parameters = parameters;
    this.scheme = scheme;
    this.layerScale = layerScale;
    this.random = new SplittableRandom(seed);
  }

  /** Fills every parameter that has no value by {@link Scheme#HE}. */
  public static void fill(ParameterSet parameters, long seed) {
    fill(parameters, Scheme.HE, seed, LAYER_SCALE);
  }

  /**
   * Fills every parameter that has no value.
   *
   * @param layerScale value of the {@code gamma} vectors
   */
  public static void fill(ParameterSet parameters, Scheme scheme, long seed, double layerScale) {
    Initialiser initialiser = new Initialiser(parameters, scheme, seed, layerScale);
    for (Parameter parameter : parameters.all()) {
      if (!parameter.isSet()) {
        parameter.set(initialiser.value(parameter));
      }
    }
  }

  private Tensor value(Parameter parameter) {
    String name = parameter.name();
    int[] shape = parameter.shape();
    float[] out = new float[parameter.size()];
    if (shape.length > 1) {
      boolean embedding = name.contains("query_") || name.contains("level_embed");
      if (embedding) {
        normal(out, 1);
      } else {
        weights(name, out, shape[0], shape[1]);
      }
    } else if (scheme == Scheme.RELEASE && hasWeightMatrix(name)) {
      biases(name, out);
    } else {
      Arrays.fill(out, (float) constant(name));
    }
    return Tensor.of(out, shape);
  }

  private void weights(String name, float[] out, int outChannels, int inChannels) {
    double fanIn = (double) out.length / outChannels;
    double fanOut = (double) out.length / inChannels;
    if (scheme == Scheme.HE) {
      normal(out, Math.sqrt(2 / fanIn));
    } else if (name.contains(".dcn.offset.") || name.contains(".dcn.mask.")) {
      Arrays.fill(out, 0);
    } else if (name.contains(".cls_embed.")) {
      normal(out, 0.02);
    } else if (name.contains(".conv_seg.")) {
      normal(out, 0.01);
    } else if (name.contains(".transformer_decoder.") || name.startsWith("neck.")) {
      uniform(out, Math.sqrt(6 / (fanIn + fanOut)));
    } else if (isCaffeXavier(name)) {
      uniform(out, Math.sqrt(3 / fanIn));
    } else {
      uniform(out, 1 / Math.sqrt(fanIn));
    }
  }

  private void biases(String name, float[] out) {
    boolean zero =
        name.contains(".dcn.offset.")
            || name.contains(".dcn.mask.")
            || name.contains(".cls_embed.")
            || name.contains(".conv_seg.")
            || name.startsWith("neck.")
            || isCaffeXavier(name);
    if (!zero) {
      Parameter weight = weightOf(name);
      uniform(out, 1 / Math.sqrt((double) weight.size() / weight.shape()[0]));
    }
  }

  private static boolean isCaffeXavier(String name) {
    return name.matches(
        ".*\\.pixel_decoder\\.(encoder_(in|out)_proj\\.0|mask_feature|(lateral|output)_convs\\.[01]\\.0)\\.(weight|bias)");
  }

  private Parameter weightOf(String bias) {
    return parameters.get(bias.replaceAll("bias$", "weight"));
  }

  private boolean hasWeightMatrix(String name) {
    return name.endsWith(".bias") && weightOf(name).shape().length > 1;
  }

  private void normal(float[] out, double deviation) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (deviation * random.nextGaussian());
    }
  }

  private void uniform(float[] out, double bound) {
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
  }

  private double constant(String name) {
    if (name.contains(".gamma")) {
      return layerScale;
    }
    boolean one = name.endsWith(".weight") || name.endsWith(".running_var") || name.endsWith(".w");
    return one ? 1 : 0;
  }
}
