package org.spike2former.accel.tornado.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.accel.operation.Buffer.constant;
import static org.spike2former.accel.tornado.kernels.KernelCheck.reals;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.operation.Operation;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.Int8Layer;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;
import org.spike2former.tensor.layer.Window;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Layers with 8-bit weights on a device and as Java, against the CPU's. */
class Int8KernelsTest {
  private static final Ops CPU =
      Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, new Workers(1));
  private static final double SCALE = 0.25;

  @ParameterizedTest
  @CsvSource({
    // n, h, w, cin, cout, kernel height and width, stride, pad, D
    "1, 1, 63, 65, 24, 1, 1, 1, 0, 4",
    "1, 1, 1, 1, 1, 1, 1, 1, 0, 1",
    "1, 1, 13, 256, 13, 1, 1, 1, 0, 8",
    "1, 5, 6, 12, 8, 3, 3, 1, 1, 4",
    "2, 7, 5, 33, 16, 3, 3, 1, 1, 4",
    "1, 13, 11, 3, 12, 7, 7, 2, 3, 4",
    "2, 9, 6, 40, 6, 3, 3, 2, 1, 3",
    "1, 3, 2, 64, 65, 1, 1, 2, 0, 4"
  })
  void dense(
      int n, int h, int w, int cin, int cout, int kh, int kw, int stride, int pad, int maxSpikes) {
    Random random = new Random(cin);
    WeightLayer layer = layer(WeightLayer.Kind.DENSE, stride, pad, random, cout, cin, kh, kw);
    compare(layer, random, maxSpikes, n, h, w, cin);
  }

  @ParameterizedTest
  @CsvSource({
    // n, h, w, channels, kernel height and width, stride, pad, D
    "2, 7, 5, 24, 3, 3, 1, 1, 4",
    "1, 9, 6, 13, 7, 7, 1, 3, 8",
    "1, 8, 7, 66, 5, 3, 2, 1, 4",
    "1, 6, 9, 16, 3, 3, 1, 0, 1"
  })
  void depthwise(
      int n, int h, int w, int channels, int kh, int kw, int stride, int pad, int maxSpikes) {
    Random random = new Random(channels);
    WeightLayer layer = layer(WeightLayer.Kind.DEPTHWISE, stride, pad, random, channels, 1, kh, kw);
    compare(layer, random, maxSpikes, n, h, w, channels);
  }

  /** What an FPGA wants: work-groups of 64, at least one of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 63, 65, 257})
  void gridsAreWholeWorkGroupsOf64(int pixels) {
    int channels = 24;
    ByteArray bytes = new ByteArray(pixels * channels);
    IntArray thresholds = new IntArray(channels);
    Arrays arrays =
        new Arrays() {
          @Override
          public Lanes lanes() {
            return Lanes.VECTORS;
          }

          @Override
          public FloatArray floats(Buffer buffer) {
            throw new AssertionError("spikes need no floats");
          }

          @Override
          public ByteArray bytes(Buffer buffer) {
            return bytes;
          }

          @Override
          public IntArray ints(Buffer buffer) {
            return thresholds;
          }
        };
    Buffer spikes = Buffer.of(Buffer.Type.BYTES, pixels * channels);
    Int8Convolution.Spikes result =
        new Int8Convolution.Spikes(Buffer.of(Buffer.Type.INTS, channels), 1);
    Window window = Window.pointwise(pixels, channels, channels);
    for (boolean depthwise : new boolean[] {false, true}) {
      Buffer weights = Buffer.of(Buffer.Type.BYTES, depthwise ? channels : channels * channels);
      Operation layer = new Int8Convolution(depthwise, spikes, weights, result, window, spikes);
      WorkerGrid grid = KernelTable.launch("task", layer, arrays).grid();
      assertThat(grid.getLocalWork()).containsExactly(64, 1, 1);
      assertThat(grid.getGlobalWork()[0]).isPositive();
      assertThat(grid.getGlobalWork()[0] % 64).isZero();
      assertThat(grid.dimension()).isEqualTo(2);
    }
  }

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.of(1, 2, 7, 13, 31, 63, 64, 65, 97);
  }

  /** Few tries: each compiles three kernels. */
  @Property(tries = 4)
  void anySizes(
      @ForAll("sizes") int w,
      @ForAll("sizes") int cin,
      @ForAll("sizes") int cout,
      @ForAll @IntRange(min = 1, max = 4) int window,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll @IntRange(min = 0, max = 2) int pad,
      @ForAll @IntRange(min = 1, max = 8) int maxSpikes,
      @ForAll boolean depthwise,
      @ForAll long seed) {
    Assume.that(w + 2 * pad >= window && 2 + 2 * pad >= window);
    Random random = new Random(seed);
    WeightLayer layer =
        depthwise
            ? layer(WeightLayer.Kind.DEPTHWISE, stride, pad, random, cout, 1, window, window)
            : layer(WeightLayer.Kind.DENSE, stride, pad, random, cout, cin, window, window);
    compare(layer, random, maxSpikes, 1, 2, w, depthwise ? cout : cin);
  }

  private static WeightLayer layer(
      WeightLayer.Kind kind, int stride, int pad, Random random, int... shape) {
    Parameter weight = new Parameter("weight", true, shape);
    weight.set(Tensor.of(reals(random, weight.size()), shape));
    Parameter bias = new Parameter("bias", true, shape[0]);
    bias.set(Tensor.of(reals(random, shape[0]), shape[0]));
    return new WeightLayer("layer", kind, weight, bias, List.of(), stride, pad);
  }

  /** All three kinds of output. */
  private static void compare(WeightLayer layer, Random random, int maxSpikes, int... shape) {
    byte[] k = KernelCheck.spikes(random, shape[0] * shape[1] * shape[2] * shape[3]);
    Tensor x = Tensor.spikes(k, SCALE, shape);
    Int8Layer int8 = Int8Layer.of(layer, SCALE);
    Tensor out = CPU.layer(x, layer);
    Window window =
        new Window(
            shape[0],
            shape[1],
            shape[2],
            shape[3],
            out.dim(3),
            layer.kernelHeight(),
            layer.kernelWidth(),
            layer.stride(),
            layer.padding(),
            out.dim(1),
            out.dim(2));
    check(int8, window, k, potentials(int8, null), out.floats());
    float[] residual = reals(random, out.size());
    float[] sum = CPU.addLayer(Tensor.of(residual, out.shape()), x, layer, null).floats();
    check(int8, window, k, potentials(int8, constant(residual)), sum);
    byte[] spikes = CPU.layerSpikes(x, layer, "neuron", maxSpikes, SCALE).bytes();
    Buffer thresholds = constant(int8.thresholds(maxSpikes));
    check(int8, window, k, new Int8Convolution.Spikes(thresholds, maxSpikes), spikes);
  }

  private static Int8Convolution.Result potentials(Int8Layer layer, Buffer residual) {
    return new Int8Convolution.Potentials(
        constant(layer.scale()), constant(layer.bias()), residual);
  }

  /** Packed weights as Java alone: TornadoVM does not compile their kernels for OpenCL. */
  private static void check(
      Int8Layer layer, Window window, byte[] k, Int8Convolution.Result result, Object expected) {
    Function<Buffer, Int8Convolution> ofOutput =
        y ->
            new Int8Convolution(
                layer.depthwise(), constant(k), constant(layer.weights()), result, window, y);
    KernelCheck.check(expected, ofOutput::apply);
    if (!layer.depthwise() && window.cin() % Int8Convolution.PACK == 0) {
      KernelCheck.checkAsJava(expected, y -> ofOutput.apply(y).packed());
    }
  }
}
