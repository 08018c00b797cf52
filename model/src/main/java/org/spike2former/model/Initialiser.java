package org.spike2former.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/**
 * Gives parameters without a value a random one that depends on the seed and the order of names
 * alone: He-normal weights, zero biases, identity BatchNorms, unit normal embeddings.
 */
public final class Initialiser {
  private static final double LAYER_SCALE = 1e-6;

  private Initialiser() {}

  /** Fills every parameter that has no value. */
  public static void fill(ParameterSet parameters, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    for (Parameter parameter : parameters.all()) {
      if (!parameter.isSet()) {
        parameter.set(value(parameter, random));
      }
    }
  }

  private static Tensor value(Parameter parameter, RandomGenerator random) {
    String name = parameter.name();
    int[] shape = parameter.shape();
    float[] out = new float[parameter.size()];
    if (shape.length > 1) {
      boolean embedding = name.contains("query_") || name.contains("level_embed");
      double fanIn = (double) out.length / shape[0];
      double deviation = embedding ? 1 : Math.sqrt(2 / fanIn);
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) (deviation * random.nextGaussian());
      }
    } else {
      Arrays.fill(out, (float) constant(name));
    }
    return Tensor.of(out, shape);
  }

  private static double constant(String name) {
    if (name.contains(".gamma")) {
      return LAYER_SCALE;
    }
    boolean one = name.endsWith(".weight") || name.endsWith(".running_var") || name.endsWith(".w");
    return one ? 1 : 0;
  }
}
