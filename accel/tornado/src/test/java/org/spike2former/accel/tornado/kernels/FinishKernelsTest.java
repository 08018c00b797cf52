package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.operation.Buffer.constant;
import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.checkAll;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.FoldedWeights;
import org.spike2former.tensor.layer.Int8Layer;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;
import org.spike2former.tensor.layer.Window;

/** Every way to finish, after every operation that can be finished. */
class FinishKernelsTest {
  private static final Ops INT8 =
      Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, new Workers(1));
  private static final int MAX_SPIKES = 4;

  private final Random random = new Random(6);

  /** Checks every way to finish numbers whose rows are of so many channels: a kernel to compile. */
  private void finishes(float[] before, int channels, Function<Finish, Operation> finished) {
    float[] factor = reals(random, channels);
    float[] shift = reals(random, channels);
    float[] residual = reals(random, before.length);
    for (int way = 0; way < 6; way++) {
      Buffer f = way == 1 || way == 2 || way == 5 ? constant(factor) : null;
      Buffer s = way == 1 || way == 2 || way == 4 ? constant(shift) : null;
      Buffer r = way == 2 || way == 3 || way == 5 ? constant(residual) : null;
      float[] floats = before.clone();
      for (int i = 0; i < floats.length; i++) {
        int c = i % channels;
        float v = floats[i];
        v = way == 1 || way == 2 ? Math.fma(v, factor[c], shift[c]) : v;
        v = way == 2 || way == 3 ? residual[i] + v : v;
        v = way == 4 ? v + shift[c] : v;
        floats[i] = way == 5 ? Math.fma(factor[c], v, residual[i]) : v;
      }
      byte[] k = OPS.spikes(Tensor.of(floats, floats.length), MAX_SPIKES, 1).bytes();
      switch (way) {
        case 1 -> check(k, out -> finished.apply(new Finish(f, s, r, null, out, MAX_SPIKES)));
        case 4 -> check(floats, out -> finished.apply(new Finish(f, s, r, out, null, 0)));
        default ->
            checkAll(
                List.of(floats, k),
                out -> finished.apply(new Finish(f, s, r, out.get(0), out.get(1), MAX_SPIKES)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"61, 13", "1, 1"})
  void chains(int rows, int channels) {
    float[] x = reals(random, rows * channels);
    finishes(x, channels, finish -> new Elementwise.Chain(constant(x), finish));
  }

  private WeightLayer layer(WeightLayer.Kind kind, int stride, int pad, int... shape) {
    Parameter weight = new Parameter("weight", true, shape);
    weight.set(Tensor.of(reals(random, weight.size()), shape));
    Parameter bias = new Parameter("bias", true, shape[0]);
    bias.set(Tensor.of(reals(random, shape[0]), shape[0]));
    return new WeightLayer("layer", kind, weight, bias, List.of(), stride, pad);
  }

  @ParameterizedTest
  @CsvSource({
    // n, h, w, cin, cout, kernel height and width, stride, pad
    "1, 1, 63, 65, 24, 1, 1, 1, 0",
    "2, 9, 6, 40, 6, 3, 3, 2, 1"
  })
  void denseLayers(int n, int h, int w, int cin, int cout, int kh, int kw, int stride, int pad) {
    WeightLayer layer = layer(WeightLayer.Kind.DENSE, stride, pad, cout, cin, kh, kw);
    byte[] k = spikes(random, n * h * w * cin);
    Tensor in = Tensor.spikes(k, 0.25, n, h, w, cin);
    Tensor out = OPS.layer(in, layer);
    Window window = Window.of(in, layer, out.shape());
    FoldedWeights ofSpikes = FoldedWeights.of(layer, 0.25);
    finishes(out.floats(), cout, dense(constant(k), ofSpikes, window, out.size()));
    float[] x = reals(random, k.length);
    FoldedWeights ofReals = FoldedWeights.of(layer, 1);
    float[] sums = OPS.layer(Tensor.of(x, n, h, w, cin), layer).floats();
    finishes(sums, cout, dense(constant(x), ofReals, window, out.size()));
    Int8Layer int8 = Int8Layer.of(layer, 0.25);
    Int8Convolution.Potentials potentials =
        new Int8Convolution.Potentials(constant(int8.scale()), constant(int8.bias()), null);
    Buffer nowhere = Buffer.of(Buffer.Type.FLOATS, out.size());
    finishes(
        INT8.layer(in, layer).floats(),
        cout,
        finish ->
            new Finished(
                new Int8Convolution(
                    false, constant(k), constant(int8.weights()), potentials, window, nowhere),
                finish));
  }

  private static Function<Finish, Operation> dense(
      Buffer x, FoldedWeights folded, Window window, int length) {
    Buffer weights = constant(folded.weights());
    Buffer bias = constant(folded.bias());
    Buffer nowhere = Buffer.of(Buffer.Type.FLOATS, length);
    return finish ->
        new Finished(new Convolution(false, x, weights, bias, null, 0, window, nowhere), finish);
  }

  @ParameterizedTest
  @CsvSource({
    // n, h, w, channels of a plane, planes, kernel, stride
    "2, 7, 5, 24, 1, 3, 1",
    "2, 5, 6, 13, 3, 3, 1",
    "1, 8, 3, 16, 2, 3, 2"
  })
  void aRingAroundTheMap(int n, int h, int w, int width, int planes, int kernel, int stride) {
    int channels = width * planes;
    WeightLayer layer = layer(WeightLayer.Kind.DEPTHWISE, stride, 0, channels, 1, kernel, kernel);
    float[] x = reals(random, n * h * w * channels);
    float[] ring = reals(random, channels);
    float[] around = new float[n * (h + 2) * (w + 2) * channels];
    for (int i = 0; i < around.length; i++) {
      int column = i / channels % (w + 2) - 1;
      int row = i / channels / (w + 2) % (h + 2) - 1;
      int map = i / channels / (w + 2) / (h + 2);
      boolean inside = row >= 0 && row < h && column >= 0 && column < w;
      around[i] =
          inside ? x[((map * h + row) * w + column) * channels + i % channels] : ring[i % channels];
    }
    Tensor out = OPS.layer(Tensor.of(around, n, h + 2, w + 2, channels), layer);
    float[] expected = new float[out.size()];
    int pixels = out.size() / channels;
    for (int i = 0; i < expected.length; i++) {
      int c = i % channels;
      expected[(c / width * pixels + i / channels) * width + c % width] = out.floats()[i];
    }
    FoldedWeights folded = FoldedWeights.of(layer, 1);
    Window window =
        new Window(n, h, w, channels, channels, kernel, kernel, stride, 1, out.dim(1), out.dim(2));
    check(
        expected,
        y ->
            new Padded(
                new Convolution(
                    true,
                    constant(x),
                    constant(folded.weights()),
                    constant(folded.bias()),
                    null,
                    0,
                    window,
                    y),
                constant(ring),
                planes));
  }

  @Test
  void attentionWithANeuron() {
    Attention.Extents extents = new Attention.Extents(2, 13, 7, 24, 36, 3);
    byte[] q = spikes(random, 2 * 13 * 24);
    byte[] k = spikes(random, 2 * 7 * 24);
    byte[] v = spikes(random, 2 * 7 * 36);
    Tensor mixed =
        OPS.attention(
            Tensor.spikes(q, 1, 2, 13, 24),
            Tensor.spikes(k, 1, 2, 7, 24),
            Tensor.spikes(v, 1, 2, 7, 36),
            3,
            0.0123f);
    int[] keyValues = new int[2 * 24 * 12];
    for (int i = 0; i < keyValues.length; i++) {
      int channel = i / 12 % 24;
      for (int key = i / 288 * 7; key < i / 288 * 7 + 7; key++) {
        keyValues[i] += k[key * 24 + channel] * v[key * 36 + channel / 8 * 12 + i % 12];
      }
    }
    Buffer nowhere = Buffer.of(Buffer.Type.FLOATS, mixed.size());
    check(
        OPS.spikes(mixed, MAX_SPIKES, 1).bytes(),
        out ->
            new Finished(
                new Attention.QueryValue(
                    extents, constant(q), constant(keyValues), 0.0123f, nowhere),
                new Finish(null, null, null, null, out, MAX_SPIKES)));
  }

  @Test
  void samplingWithANeuron() {
    int[] shape = {2, 4, 3, 6};
    float[] v = reals(random, 144);
    float[] offset = reals(random, 24 * 2 * 18);
    byte[] mask = spikes(random, 24 * 2 * 9);
    Tensor sampled =
        OPS.deformSample(
            Tensor.of(v, shape),
            Tensor.of(offset, 2, 4, 3, 36),
            Tensor.spikes(mask, 0.3f, 2, 4, 3, 18),
            2);
    Buffer nowhere = Buffer.of(Buffer.Type.FLOATS, 144);
    check(
        OPS.spikes(sampled, MAX_SPIKES, 1).bytes(),
        out ->
            new Finished(
                new DeformSample(
                    constant(v), constant(offset), constant(mask), 2, 4, 3, 2, 0.3f, nowhere),
                new Finish(null, null, null, null, out, MAX_SPIKES)));
  }
}
