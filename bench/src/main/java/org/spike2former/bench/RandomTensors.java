package org.spike2former.bench;

import java.util.List;
import java.util.SplittableRandom;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/** Inputs and layers that depend only on their seed. */
final class RandomTensors {
  private static final int MAX_SPIKES = 4;

  private final SplittableRandom random;

  RandomTensors(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Spikes of which a share of {@code density} is not zero, but 1 to 4 with equal probability;
   * scale 1/4.
   */
  Tensor spikes(double density, int... shape) {
    byte[] data = new byte[Shape.size(shape)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (random.nextDouble() < density ? random.nextInt(1, MAX_SPIKES + 1) : 0);
    }
    return Tensor.spikes(data, 1.0 / MAX_SPIKES, shape);
  }

  /** Normal numbers. */
  Tensor normal(double deviation, int... shape) {
    float[] data = new float[Shape.size(shape)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.of(data, shape);
  }

  /** A layer without bias, followed by one BatchNorm. */
  WeightLayer layer(
      String name, WeightLayer.Kind kind, int in, int out, int kernel, int stride, int padding) {
    int perGroup = kind == WeightLayer.Kind.DEPTHWISE ? 1 : in;
    Parameter weight = new Parameter(name + ".weight", true, out, perGroup, kernel, kernel);
    weight.set(normal(Math.sqrt(2.0 / (perGroup * kernel * kernel)), weight.shape()));
    BatchNorm norm =
        new BatchNorm(
            parameter(name + ".norm.weight", 1, out),
            parameter(name + ".norm.bias", 0, out),
            parameter(name + ".norm.running_mean", 0, out),
            parameter(name + ".norm.running_var", 1, out));
    return new WeightLayer(name, kind, weight, null, List.of(norm), stride, padding);
  }

  private Parameter parameter(String name, double centre, int size) {
    Parameter parameter = new Parameter(name, true, size);
    float[] data = new float[size];
    for (int i = 0; i < size; i++) {
      data[i] = (float) (centre + 0.2 * (random.nextDouble() - 0.5));
    }
    parameter.set(Tensor.of(data, size));
    return parameter;
  }
}
