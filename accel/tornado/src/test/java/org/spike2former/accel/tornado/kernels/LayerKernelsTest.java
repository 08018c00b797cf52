package org.spike2former.accel.tornado.kernels;

import static org.spike2former.accel.operation.Buffer.constant;
import static org.spike2former.accel.tornado.kernels.KernelCheck.OPS;
import static org.spike2former.accel.tornado.kernels.KernelCheck.check;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;
import static org.spike2former.accel.tornado.kernels.KernelCheck.spikes;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.Window;

class LayerKernelsTest {
  private static final int MAX_SPIKES = 8;

  private final Random random = new Random(2);

  @ParameterizedTest
  @CsvSource({
    // n, h, w, cin, cout, kernel height and width, stride, pad
    "1, 1, 63, 65, 24, 1, 1, 1, 0",
    "1, 1, 1, 1, 1, 1, 1, 1, 0",
    "1, 1, 13, 256, 13, 1, 1, 1, 0",
    "2, 7, 5, 33, 16, 3, 3, 1, 1",
    "1, 13, 11, 3, 12, 7, 7, 2, 3",
    "2, 9, 6, 40, 6, 3, 3, 2, 1",
    "1, 2, 3, 70, 8, 1, 5, 1, 2"
  })
  void dense(int n, int h, int w, int cin, int cout, int kh, int kw, int stride, int pad) {
    float[] raw = reals(random, cout * cin * kh * kw);
    float[] weights = new float[raw.length];
    for (int co = 0; co < cout; co++) {
      for (int ci = 0; ci < cin; ci++) {
        for (int tap = 0; tap < kh * kw; tap++) {
          weights[(tap * cin + ci) * cout + co] = raw[(co * cin + ci) * kh * kw + tap];
        }
      }
    }
    Parameter weight = new Parameter("dense.weight", true, cout, cin, kh, kw);
    weight.set(Tensor.of(raw, cout, cin, kh, kw));
    compare(WeightLayer.Kind.DENSE, weight, weights, new int[] {n, h, w, cin}, stride, pad);
  }

  @ParameterizedTest
  @CsvSource({
    // n, h, w, channels, kernel height and width, stride, pad
    "2, 7, 5, 24, 3, 3, 1, 1",
    "1, 9, 6, 13, 7, 7, 1, 3",
    "1, 8, 7, 66, 5, 3, 2, 1",
    "1, 6, 9, 16, 3, 3, 1, 0"
  })
  void depthwise(int n, int h, int w, int channels, int kh, int kw, int stride, int pad) {
    float[] raw = reals(random, channels * kh * kw);
    float[] weights = new float[raw.length];
    for (int c = 0; c < channels; c++) {
      for (int tap = 0; tap < kh * kw; tap++) {
        weights[tap * channels + c] = raw[c * kh * kw + tap];
      }
    }
    Parameter weight = new Parameter("depthwise.weight", true, channels, 1, kh, kw);
    weight.set(Tensor.of(raw, channels, 1, kh, kw));
    compare(
        WeightLayer.Kind.DEPTHWISE, weight, weights, new int[] {n, h, w, channels}, stride, pad);
  }

  private void compare(
      WeightLayer.Kind kind, Parameter weight, float[] weights, int[] in, int stride, int pad) {
    int cout = weight.shape()[0];
    Parameter bias = new Parameter("bias", true, cout);
    float[] biases = reals(random, cout);
    bias.set(Tensor.of(biases, cout));
    WeightLayer layer = new WeightLayer("layer", kind, weight, bias, List.of(), stride, pad);
    int size = in[0] * in[1] * in[2] * in[3];
    byte[] k = spikes(random, size);
    compare(layer, Tensor.spikes(k, 1, in), k, weights, biases);
    float[] x = reals(random, size);
    compare(layer, Tensor.of(x, in), x, weights, biases);
  }

  private void compare(WeightLayer layer, Tensor in, Object x, float[] weights, float[] biases) {
    Tensor out = OPS.layer(in, layer);
    Window window =
        new Window(
            in.dim(0),
            in.dim(1),
            in.dim(2),
            in.dim(3),
            out.dim(3),
            layer.kernelHeight(),
            layer.kernelWidth(),
            layer.stride(),
            layer.padding(),
            out.dim(1),
            out.dim(2));
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    Buffer input = x instanceof byte[] k ? constant(k) : constant((float[]) x);
    Buffer factors = constant(weights);
    Buffer bias = constant(biases);
    check(out.floats(), y -> new Convolution(depthwise, input, factors, bias, null, 0, window, y));
    float[] residual = reals(random, out.size());
    float[] sum = OPS.addLayer(Tensor.of(residual, out.shape()), in, layer, null).floats();
    check(
        sum,
        y -> new Convolution(depthwise, input, factors, bias, constant(residual), 0, window, y));
    byte[] spikes = OPS.layerSpikes(in, layer, "neuron", MAX_SPIKES, 1).bytes();
    check(
        spikes, y -> new Convolution(depthwise, input, factors, bias, null, MAX_SPIKES, window, y));
  }
}
