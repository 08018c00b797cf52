package org.spike2former.snn.spikedriven;

import java.util.List;
import java.util.Random;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/** Random spikes, layers and norms from a seed. */
final class Samples {
  private final Random random;

  public Samples(long seed) {
    random = new Random(seed);
  }

  int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** Spikes 0…max, half of them 0. */
  public Tensor spikes(int max, double scale, int... shape) {
    byte[] values = new byte[Shape.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt(max + 1));
    }
    return Tensor.spikes(values, scale, shape);
  }

  public Tensor real(double offset, int... shape) {
    double[] values = new double[Shape.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = offset + random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private Parameter parameter(Tensor value) {
    Parameter parameter = new Parameter("parameter", true, value.shape());
    parameter.set(value);
    return parameter;
  }

  BatchNorm norm(int channels) {
    double[] variance = random.doubles(channels, 0.1, 2).toArray();
    return new BatchNorm(
        parameter(real(1, channels)),
        parameter(real(0, channels)),
        parameter(real(0, channels)),
        parameter(Tensor.of(variance, channels)));
  }

  /** Weights of a variance that keeps potentials near 1. */
  private Tensor weights(int... shape) {
    Tensor weights = real(0, shape);
    int fanIn = weights.size() / shape[0];
    for (int i = 0; i < weights.size(); i++) {
      weights.doubles()[i] /= Math.sqrt(fanIn);
    }
    return weights;
  }

  WeightLayer pointwise(int in, int out, boolean bias, BatchNorm... norms) {
    return new WeightLayer(
        "pointwise",
        Kind.DENSE,
        parameter(weights(out, in, 1, 1)),
        bias ? parameter(real(0, out)) : null,
        List.of(norms),
        1,
        0);
  }

  public WeightLayer dense(int in, int out, int kernel, int stride, int padding) {
    Tensor weight = weights(out, in, kernel, kernel);
    return new WeightLayer(
        "dense", Kind.DENSE, parameter(weight), null, List.of(norm(out)), stride, padding);
  }

  public WeightLayer depthwise(
      int channels, int kernel, int stride, int padding, BatchNorm... norms) {
    Tensor weight = weights(channels, 1, kernel, kernel);
    return new WeightLayer(
        "depthwise", Kind.DEPTHWISE, parameter(weight), null, List.of(norms), stride, padding);
  }
}
