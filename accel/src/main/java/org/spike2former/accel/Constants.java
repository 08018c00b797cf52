package org.spike2former.accel;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Resize;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.BilinearF32;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.FoldedWeights;
import org.spike2former.tensor.layer.Int8Layer;
import org.spike2former.tensor.layer.WeightLayer;

/** The constant buffers of a plan, each made once. */
final class Constants {
  /** Exponents of the {@linkplain #powers() powers} begin here. */
  private static final int LEAST_POWER = -127;

  private final Map<Object, Buffer> tensors = new IdentityHashMap<>();
  private final Map<WeightLayer, Layer> layers = new IdentityHashMap<>();
  private final Map<WeightLayer, Int8> int8Layers = new IdentityHashMap<>();
  private final Map<BatchNorm, Norm> norms = new IdentityHashMap<>();
  private final Map<Long, Resize.Axis> bilinear = new HashMap<>();
  private final Map<Long, Resize.Axis> nearest = new HashMap<>();
  private Buffer powers;

  /** A folded layer. */
  record Layer(double inScale, Buffer weights, Buffer bias) {}

  /** A layer with 8-bit weights. */
  record Int8(double inScale, Int8Layer layer, Buffer weights, Buffer scale, Buffer bias) {}

  /** A BatchNorm. */
  record Norm(Buffer factor, Buffer shift) {}

  /** A tensor that is the same in every run. */
  Buffer of(Tensor x) {
    return tensors.computeIfAbsent(
        Plan.numbers(x),
        numbers ->
            numbers instanceof byte[] bytes
                ? Buffer.constant(bytes)
                : Buffer.constant((float[]) numbers));
  }

  Layer of(WeightLayer layer, double inScale) {
    Layer known = layers.get(layer);
    if (known == null || known.inScale() != inScale) {
      FoldedWeights folded = FoldedWeights.of(layer, inScale);
      known = new Layer(inScale, Buffer.constant(folded.weights()), Buffer.constant(folded.bias()));
      layers.put(layer, known);
    }
    return known;
  }

  Int8 int8(WeightLayer layer, double inScale) {
    Int8 known = int8Layers.get(layer);
    if (known == null || known.inScale() != inScale) {
      Int8Layer folded = Int8Layer.of(layer, inScale);
      known =
          new Int8(
              inScale,
              folded,
              Buffer.constant(folded.weights()),
              Buffer.constant(folded.scale()),
              Buffer.constant(folded.bias()));
      int8Layers.put(layer, known);
    }
    return known;
  }

  Norm of(BatchNorm norm) {
    return norms.computeIfAbsent(
        norm, n -> new Norm(floats(n.channels(), n::factor), floats(n.channels(), n::shift)));
  }

  private static Buffer floats(int length, IntToDoubleFunction value) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) value.applyAsDouble(i);
    }
    return Buffer.constant(numbers);
  }

  /** Sampling positions of a bilinear resize along one axis. */
  Resize.Axis bilinear(int in, int out) {
    return bilinear.computeIfAbsent(key(in, out), _ -> axis(in, out, new BilinearF32(in, out)));
  }

  /** Sampling positions of a nearest resize along one axis. */
  Resize.Axis nearest(int in, int out) {
    return nearest.computeIfAbsent(key(in, out), _ -> axis(in, out, BilinearF32.nearest(in, out)));
  }

  private static long key(int in, int out) {
    return (long) in << 32 | out;
  }

  private static Resize.Axis axis(int in, int out, BilinearF32 positions) {
    return new Resize.Axis(
        in,
        Buffer.constant(positions.low()),
        Buffer.constant(positions.high()),
        floats(out, i -> positions.weight()[i]));
  }

  /** What spikes k stand for, as the CPU rounds it. */
  Buffer spikeValues(double scale) {
    return floats(Elementwise.SPIKE_VALUES, k -> k * scale);
  }

  /** Powers of two for the exponential function. */
  Buffer powers() {
    if (powers == null) {
      powers = floats(Elementwise.POWERS, i -> i == 0 ? 0 : Math.scalb(1.0, i + LEAST_POWER));
    }
    return powers;
  }
}
