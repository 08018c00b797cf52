package org.spike2former.accel.fpga;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

/** Layers with random weights on random spikes, and the reference that computes them. */
final class Layers {
  private static final int MAX_SPIKES = 4;

  private final Ops ops;
  private final Random random = new Random(5);

  private Layers(Ops ops) {
    this.ops = ops;
  }

  /** Calls with operations of the reference. */
  static <E extends Exception> void withReference(Work<E> work) throws E {
    try (Workers workers = new Workers(1)) {
      work.with(Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, workers));
    }
  }

  /** What is done with the reference. */
  @FunctionalInterface
  interface Work<E extends Exception> {
    void with(Ops reference) throws E;
  }

  /** Runs layers of every kind and output, of awkward sizes. */
  static void runAll(Ops ops) {
    Layers layers = new Layers(ops);
    layers.all(WeightLayer.Kind.DENSE, 1, 0, new int[] {2, 3, 5, 20}, 72, 20, 1, 1);
    layers.all(WeightLayer.Kind.DENSE, 1, 1, new int[] {2, 5, 3, 20}, 40, 20, 3, 3);
    layers.all(WeightLayer.Kind.DENSE, 2, 1, new int[] {1, 6, 7, 65}, 17, 65, 3, 3);
    layers.all(WeightLayer.Kind.DENSE, 2, 0, new int[] {1, 5, 5, 3}, 5, 3, 1, 1);
    layers.all(WeightLayer.Kind.DENSE, 3, 2, new int[] {1, 4, 9, 4}, 16, 4, 2, 4);
    layers.all(WeightLayer.Kind.DEPTHWISE, 1, 3, new int[] {2, 5, 4, 72}, 72, 1, 7, 7);
    layers.all(WeightLayer.Kind.DEPTHWISE, 2, 1, new int[] {1, 7, 9, 12}, 12, 1, 3, 3);
  }

  /** A linear layer and a convolution whose weights are on the chip in parts. */
  static void runLarge(Ops ops) {
    Layers layers = new Layers(ops);
    layers.all(WeightLayer.Kind.DENSE, 1, 0, new int[] {1, 1, 3, 640}, 470, 640, 1, 1);
    layers.all(WeightLayer.Kind.DENSE, 1, 1, new int[] {1, 2, 2, 256}, 130, 256, 3, 3);
  }

  private void all(
      WeightLayer.Kind kind, int stride, int pad, int[] in, int cout, int cin, int kh, int kw) {
    Tensor x = spikes(in);
    WeightLayer layer = layer(kind, stride, pad, cout, cin, kh, kw);
    Tensor residual = ops.layer(x, layer);
    ops.layerSpikes(x, layer, "neuron", MAX_SPIKES, 0.25);
    ops.addLayer(residual, x, layer, "block");
  }

  private WeightLayer layer(
      WeightLayer.Kind kind, int stride, int pad, int cout, int cin, int kh, int kw) {
    return new WeightLayer(
        "layer",
        kind,
        parameter("weight", cout, cin, kh, kw),
        parameter("bias", cout),
        List.of(),
        stride,
        pad);
  }

  private Parameter parameter(String name, int... shape) {
    Parameter parameter = new Parameter(name, true, shape);
    Tensor value = Tensor.zeros(DType.F32, shape);
    for (int i = 0; i < value.size(); i++) {
      value.floats()[i] = (float) random.nextGaussian();
    }
    parameter.set(value);
    return parameter;
  }

  private Tensor spikes(int... shape) {
    byte[] numbers = new byte[Shape.size(shape)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (byte) Math.max(0, random.nextInt(2 * MAX_SPIKES + 1) - MAX_SPIKES);
    }
    return Tensor.spikes(numbers, 0.25, shape);
  }

  /** Records what layers did. */
  static void record(Ops reference, Consumer<Ops> run, Consumer<Int8Call> calls) {
    run.accept(new Int8Recorder(reference, calls));
  }
}
