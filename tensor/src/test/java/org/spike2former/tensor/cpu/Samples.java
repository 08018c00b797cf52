package org.spike2former.tensor.cpu;

import java.util.List;
import java.util.Random;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/** Random tensors and layers from a seed. */
public final class Samples {
  private final Random random;

  public Samples(long seed) {
    random = new Random(seed);
  }

  /** Normal numbers of mixed magnitude, with some zeros and half integers. */
  public Tensor real(Precision precision, int... shape) {
    double[] values = new double[Shape.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextInt(20) - 9.5;
            case 2 -> -0.0;
            default -> random.nextGaussian() * 3;
          };
    }
    return Tensor.of(values, shape).to(precision.type());
  }

  /** Spikes 0…max, half of them 0. */
  public Tensor spikes(int max, int... shape) {
    byte[] values = new byte[Shape.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt(max + 1));
    }
    return Tensor.spikes(values, 0.25, shape);
  }

  /** Spikes 0…4, of which about this share is not 0. */
  public Tensor spikesOfDensity(double density, int... shape) {
    byte[] values = new byte[Shape.size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (random.nextDouble() < density ? 1 + random.nextInt(4) : 0);
    }
    return Tensor.spikes(values, 0.25, shape);
  }

  /** Spikes or real numbers. */
  public Tensor input(boolean spikes, Precision precision, int... shape) {
    return spikes ? spikes(8, shape) : real(precision, shape);
  }

  /** A dense layer with a square window, with or without bias. */
  public WeightLayer dense(int cin, int cout, int kernel, int stride, int padding) {
    return new WeightLayer(
        "dense",
        WeightLayer.Kind.DENSE,
        parameter(cout, cin, kernel, kernel),
        random.nextBoolean() ? parameter(cout) : null,
        List.of(),
        stride,
        padding);
  }

  /** A depthwise layer with a square window, with or without bias. */
  public WeightLayer depthwise(int channels, int kernel, int stride, int padding) {
    return new WeightLayer(
        "depthwise",
        WeightLayer.Kind.DEPTHWISE,
        parameter(channels, 1, kernel, kernel),
        random.nextBoolean() ? parameter(channels) : null,
        List.of(),
        stride,
        padding);
  }

  private Parameter parameter(int... shape) {
    Parameter parameter = new Parameter("p", true, shape);
    parameter.set(real(Precision.F64, shape));
    return parameter;
  }
}
