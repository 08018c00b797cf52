package org.spike2former.accel;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finish;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Move;
import org.spike2former.accel.operation.Neuron;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.Window;

/**
 * Plans of layers, neurons, sums and attention as plain loops, by what the operations' Javadoc
 * says.
 */
final class PlanModel {
  private final Map<Buffer, Object> arrays = new IdentityHashMap<>();

  private PlanModel() {}

  /** The result for an input. */
  static Tensor run(Plan plan, Tensor input) {
    PlanModel model = new PlanModel();
    model.arrays.put(plan.inputs().get(0), Plan.numbers(input));
    plan.steps().forEach(step -> model.run(step.operation()));
    return plan.result(model.arrays.get(plan.output()));
  }

  private Object array(Buffer buffer) {
    return buffer.isConstant() ? buffer.constant() : arrays.get(buffer.whole());
  }

  private float real(Buffer buffer, int i) {
    return array(buffer) instanceof byte[] bytes ? bytes[i] : ((float[]) array(buffer))[i];
  }

  private int whole(Buffer buffer, int i) {
    return array(buffer) instanceof byte[] bytes ? bytes[i] : ((int[]) array(buffer))[i];
  }

  private void run(Operation operation) {
    switch (operation) {
      case Convolution layer -> {
        float[] sums = sums(layer, null, 1);
        Buffer residual = layer.residual();
        boolean fires = layer.maxSpikes() > 0;
        finish(
            sums,
            new Finish(
                null,
                null,
                residual,
                fires ? null : layer.output(),
                fires ? layer.output() : null,
                layer.maxSpikes()));
      }
      case Padded padded ->
          arrays.put(padded.output(), sums(padded.layer(), padded.ring(), padded.planes()));
      case Int8Convolution layer -> int8(layer);
      case Finished(Convolution layer, Finish finish) -> finish(sums(layer, null, 1), finish);
      case Finished(Operation of, Finish finish) -> {
        run(of);
        finish((float[]) arrays.get(of.output()), finish);
      }
      case Elementwise.Chain(Buffer x, Finish finish) -> finish(reals(x), finish);
      case Neuron.Spikes(Buffer x, int maxSpikes, Buffer out) ->
          finish(reals(x), new Finish(null, null, null, null, out, maxSpikes));
      case Elementwise.Affine(Buffer x, Buffer factor, Buffer shift, Buffer out) ->
          finish(reals(x), new Finish(factor, shift, null, out, null, 0));
      case Elementwise.AddTable(Buffer x, Buffer table, Buffer out) ->
          finish(reals(x), new Finish(null, table, null, out, null, 0));
      case Elementwise.AddScaled(Buffer x, Buffer gamma, Buffer y, Buffer out) ->
          finish(reals(y), new Finish(gamma, null, x, out, null, 0));
      case Elementwise.Sum sum ->
          finish(reals(sum.b()), new Finish(null, null, sum.a(), sum.output(), null, 0));
      case Move.Pad pad -> arrays.put(pad.output(), padded(pad));
      case Attention.KeyValue half -> arrays.put(half.output(), keyValues(half));
      case Attention.QueryValue half -> arrays.put(half.output(), queryValues(half));
      default -> throw new AssertionError("no model of " + operation);
    }
  }

  private float[] reals(Buffer x) {
    return ((float[]) array(x)).clone();
  }

  private void finish(float[] numbers, Finish finish) {
    byte[] spikes = new byte[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      int c = finish.channels() == 0 ? 0 : i % finish.channels();
      float v = numbers[i];
      if (finish.factor() != null && finish.shift() != null) {
        v = Math.fma(v, real(finish.factor(), c), real(finish.shift(), c));
      } else if (finish.factor() != null) {
        v = Math.fma(real(finish.factor(), c), v, real(finish.residual(), i));
      } else if (finish.shift() != null) {
        v = v + real(finish.shift(), c);
      }
      if (finish.residual() != null && (finish.factor() == null || finish.shift() != null)) {
        v = real(finish.residual(), i) + v;
      }
      numbers[i] = v;
      spikes[i] = (byte) Math.rint(Math.clamp(v, 0, finish.maxSpikes()));
    }
    if (finish.floats() != null) {
      arrays.put(finish.floats(), numbers);
    }
    if (finish.spikes() != null) {
      arrays.put(finish.spikes(), spikes);
    }
  }

  /** Element under a tap in channel 0, or −1. */
  private static int tap(Window g, int p, int r, int c) {
    int y = p / g.ow() % g.oh() * g.stride() - g.pad() + r;
    int x = p % g.ow() * g.stride() - g.pad() + c;
    boolean inside = y >= 0 && x >= 0 && y < g.h() && x < g.w();
    return inside ? ((p / (g.oh() * g.ow()) * g.h() + y) * g.w() + x) * g.cin() : -1;
  }

  private float[] sums(Convolution layer, Buffer ring, int planes) {
    Window g = layer.window();
    float[] out = new float[layer.output().length()];
    int width = g.cout() / planes;
    for (int p = 0; p < g.outPixels(); p++) {
      for (int co = 0; co < g.cout(); co++) {
        out[(co / width * g.outPixels() + p) * width + co % width] = sum(layer, ring, p, co);
      }
    }
    return out;
  }

  private float sum(Convolution layer, Buffer ring, int p, int co) {
    Window g = layer.window();
    float sum = real(layer.bias(), co);
    int most = layer.depthwise() ? 1 : g.cin();
    for (int r = 0; r < g.kh(); r++) {
      for (int block = 0; block < most; block += Convolution.CHANNEL_BLOCK) {
        for (int c = 0; c < g.kw(); c++) {
          int at = tap(g, p, r, c);
          int end = Math.min(most, block + Convolution.CHANNEL_BLOCK);
          for (int ci = block; ci < end && (at >= 0 || ring != null); ci++) {
            int channel = layer.depthwise() ? co : ci;
            float x =
                at < 0 ? real(ring, channel) : real(layer.x(), layer.x().from() + at + channel);
            int row = (r * g.kw() + c) * most + ci;
            sum = Math.fma(x, real(layer.weights(), row * g.cout() + co), sum);
          }
        }
      }
    }
    return sum;
  }

  private void int8(Int8Convolution layer) {
    Window g = layer.window();
    float[] floats = new float[layer.output().length()];
    byte[] spikes = new byte[floats.length];
    for (int i = 0; i < floats.length; i++) {
      int co = i % g.cout();
      int most = layer.depthwise() ? 1 : g.cin();
      int sum = 0;
      for (int r = 0; r < g.kh(); r++) {
        for (int c = 0; c < g.kw(); c++) {
          int at = tap(g, i / g.cout(), r, c);
          for (int ci = 0; ci < most && at >= 0; ci++) {
            int row = (r * g.kw() + c) * most + ci;
            int x = whole(layer.x(), at + (layer.depthwise() ? co : ci));
            sum += x * whole(layer.weights(), row * g.cout() + co);
          }
        }
      }
      switch (layer.result()) {
        case Int8Convolution.Spikes(Buffer thresholds, int maxSpikes) -> {
          for (int d = 0; d < maxSpikes; d++) {
            spikes[i] += (byte) (sum >= whole(thresholds, d * g.cout() + co) ? 1 : 0);
          }
        }
        case Int8Convolution.Potentials(Buffer scale, Buffer bias, Buffer residual) -> {
          float v = Math.fma((float) sum, real(scale, co), real(bias, co));
          floats[i] = residual == null ? v : real(residual, i) + v;
        }
      }
    }
    arrays.put(layer.output(), layer.output().type() == Buffer.Type.BYTES ? spikes : floats);
  }

  private float[] padded(Move.Pad pad) {
    int c = pad.channels();
    int line = (pad.w() + 2) * c;
    float[] out = new float[pad.output().length()];
    for (int i = 0; i < out.length; i++) {
      int column = i % line / c - 1;
      int row = i / line % (pad.h() + 2) - 1;
      int map = i / line / (pad.h() + 2);
      boolean inside = row >= 0 && row < pad.h() && column >= 0 && column < pad.w();
      int at = ((map * pad.h() + row) * pad.w() + column) * c + i % c;
      out[i] = inside ? real(pad.x(), at) : real(pad.shift(), i % c);
    }
    return out;
  }

  private int[] keyValues(Attention.KeyValue half) {
    Attention.Extents e = half.extents();
    int[] out = new int[half.output().length()];
    Arrays.setAll(
        out,
        i -> {
          int channel = i / e.valueWidth() % e.channels();
          int map = i / e.valueWidth() / e.channels();
          int value = channel / e.width() * e.valueWidth() + i % e.valueWidth();
          int sum = 0;
          for (int key = map * e.keys(); key < (map + 1) * e.keys(); key++) {
            int k = whole(half.k(), key * e.channels() + channel);
            sum += k * whole(half.v(), key * e.values() + value);
          }
          return sum;
        });
    return out;
  }

  private float[] queryValues(Attention.QueryValue half) {
    Attention.Extents e = half.extents();
    float[] out = new float[half.output().length()];
    for (int i = 0; i < out.length; i++) {
      int row = i / e.values();
      int first = i % e.values() / e.valueWidth() * e.width();
      int sum = 0;
      for (int a = first; a < first + e.width(); a++) {
        int table = (row / e.queries() * e.channels() + a) * e.valueWidth();
        sum +=
            whole(half.q(), row * e.channels() + a)
                * whole(half.keyValues(), table + i % e.valueWidth());
      }
      out[i] = sum * half.scale();
    }
    return out;
  }
}
