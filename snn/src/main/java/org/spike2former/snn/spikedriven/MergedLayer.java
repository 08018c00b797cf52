package org.spike2former.snn.spikedriven;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.Window;

/**
 * A linear map of spikes as one layer: weights and bias of a weight layer with everything linear
 * that surrounds it merged in, in float64.
 *
 * @param name for messages
 * @param depthwise whether output channel c sees input channel c alone
 * @param cin input channels
 * @param cout output channels
 * @param kh window height
 * @param kw window width
 * @param stride step along both axes
 * @param pad rows and columns of zeros on each side
 * @param rows weights of all output channels: [tap·cin + input channel], or depthwise [tap]
 * @param bias [cout]
 */
record MergedLayer(
    String name,
    boolean depthwise,
    int cin,
    int cout,
    int kh,
    int kw,
    int stride,
    int pad,
    double[][] rows,
    double[] bias) {

  /** A weight layer with its norms. */
  static MergedLayer of(WeightLayer layer) {
    boolean depthwise = layer.kind() == WeightLayer.Kind.DEPTHWISE;
    int inputs = depthwise ? 1 : layer.inChannels();
    int cout = layer.outChannels();
    int taps = layer.kernelHeight() * layer.kernelWidth();
    Tensor weight = layer.weight().value();
    double[][] rows = new double[taps * inputs][cout];
    for (int co = 0; co < cout; co++) {
      for (int i = 0; i < inputs * taps; i++) {
        rows[i % taps * inputs + i / taps][co] = weight.get(co * inputs * taps + i);
      }
    }
    double[] bias = new double[cout];
    for (int co = 0; co < cout && layer.bias() != null; co++) {
      bias[co] = layer.bias().value().get(co);
    }
    MergedLayer merged =
        new MergedLayer(
            layer.name(),
            depthwise,
            layer.inChannels(),
            cout,
            layer.kernelHeight(),
            layer.kernelWidth(),
            layer.stride(),
            layer.padding(),
            rows,
            bias);
    for (BatchNorm norm : layer.norms()) {
      merged = merged.then(norm);
    }
    return merged;
  }

  /** The map that gives this layer's output times a factor of each channel, plus a shift. */
  MergedLayer scaled(IntToDoubleFunction factor, IntToDoubleFunction shift) {
    double[] f = IntStream.range(0, cout).mapToDouble(factor).toArray();
    double[][] scaled = new double[rows.length][cout];
    for (int row = 0; row < rows.length; row++) {
      for (int co = 0; co < cout; co++) {
        scaled[row][co] = rows[row][co] * f[co];
      }
    }
    double[] shifted = new double[cout];
    for (int co = 0; co < cout; co++) {
      shifted[co] = bias[co] * f[co] + shift.applyAsDouble(co);
    }
    return with(kh, kw, stride, pad, scaled, shifted);
  }

  /** This layer followed by a BatchNorm. */
  MergedLayer then(BatchNorm norm) {
    return scaled(norm::factor, norm::shift);
  }

  /** This layer on spikes that stand for {@code scale} each. */
  MergedLayer onSpikes(double scale) {
    MergedLayer scaled = scaled(_ -> scale, _ -> 0);
    return with(kh, kw, stride, pad, scaled.rows, bias);
  }

  /** This layer on an input with one more row and column of zeros on each side. */
  MergedLayer padded() {
    return with(kh, kw, stride, pad + 1, rows, bias);
  }

  private MergedLayer with(
      int height, int width, int step, int padding, double[][] newRows, double[] newBias) {
    return new MergedLayer(
        name, depthwise, cin, cout, height, width, step, padding, newRows, newBias);
  }

  /**
   * This layer followed by another.
   *
   * @throws IllegalArgumentException if that pads: its zeros are not what this layer gives there
   */
  MergedLayer then(MergedLayer next) {
    if (next.pad != 0) {
      throw new IllegalArgumentException(next.name + ": a layer with padding does not merge");
    }
    int height = kh + stride * (next.kh - 1);
    int width = kw + stride * (next.kw - 1);
    boolean both = depthwise && next.depthwise;
    int inputs = both ? 1 : cin;
    double[][] merged = new double[height * width * inputs][next.cout];
    double[] shifted = next.bias.clone();
    for (int t = 0; t < next.kh * next.kw; t++) {
      for (int own = 0; own < kh * kw; own++) {
        int row = own / kw + stride * (t / next.kw);
        int column = own % kw + stride * (t % next.kw);
        for (int ci = 0; ci < inputs; ci++) {
          double[] out = merged[(row * width + column) * inputs + ci];
          if (depthwise && !both) {
            addProduct(next, t, rows[own], ci, ci + 1, out);
          } else {
            addProduct(next, t, rows[own * inputs + ci], 0, cout, out);
          }
        }
      }
      addProduct(next, t, bias, 0, cout, shifted);
    }
    return new MergedLayer(
        next.name, both, cin, next.cout, height, width, stride * next.stride, pad, merged, shifted);
  }

  /** Adds what {@code next} makes, at one of its taps, of its input channels from…to. */
  private static void addProduct(
      MergedLayer next, int tap, double[] x, int from, int to, double[] out) {
    for (int c = from; c < to; c++) {
      if (next.depthwise) {
        out[c] += x[c] * next.rows[tap][c];
      } else if (x[c] != 0) {
        double[] row = next.rows[tap * next.cin + c];
        for (int co = 0; co < out.length; co++) {
          out[co] += x[c] * row[co];
        }
      }
    }
  }

  /** This layer with each output channel's numbers rounded as {@link FixedPoint} has it. */
  MergedLayer fixedPoint(int maxSpikes) {
    double[][] rounded = new double[rows.length][cout];
    double[] roundedBias = new double[cout];
    for (int co = 0; co < cout; co++) {
      FixedPoint numbers = new FixedPoint();
      numbers.include(bias[co]);
      for (double[] row : rows) {
        numbers.include(row[co]);
      }
      double anchor = numbers.anchor(maxSpikes);
      for (int row = 0; row < rows.length; row++) {
        rounded[row][co] = FixedPoint.round(rows[row][co], anchor);
      }
      roundedBias[co] = FixedPoint.round(bias[co], anchor);
    }
    return with(kh, kw, stride, pad, rounded, roundedBias);
  }

  /** Without its numbers, for who keeps them in another form. */
  MergedLayer geometry() {
    return with(kh, kw, stride, pad, new double[0][], new double[0]);
  }

  /** The same as a weight layer of the network, without norms. */
  WeightLayer toWeightLayer() {
    int inputs = depthwise ? 1 : cin;
    int taps = kh * kw;
    double[] weight = new double[Shape.size(cout, inputs, taps)];
    for (int co = 0; co < cout; co++) {
      for (int i = 0; i < inputs * taps; i++) {
        weight[co * inputs * taps + i] = rows[i % taps * inputs + i / taps][co];
      }
    }
    return new WeightLayer(
        name,
        depthwise ? WeightLayer.Kind.DEPTHWISE : WeightLayer.Kind.DENSE,
        parameter(".weight", weight, cout, inputs, kh, kw),
        parameter(".bias", bias, cout),
        List.of(),
        stride,
        pad);
  }

  private Parameter parameter(String child, double[] values, int... shape) {
    Parameter parameter = new Parameter(name + child, false, shape);
    parameter.set(Tensor.of(values, shape));
    return parameter;
  }

  /** The geometry on an input of {@code rows} vectors or, but for a pointwise layer, on a map. */
  Window window(Tensor x) {
    if (!depthwise && kh == 1 && kw == 1 && stride == 1 && pad == 0) {
      return Window.pointwise(x.size() / cin, cin, cout);
    }
    int oh = Math.floorDiv(x.dim(1) + 2 * pad - kh, stride) + 1;
    int ow = Math.floorDiv(x.dim(2) + 2 * pad - kw, stride) + 1;
    return new Window(x.dim(0), x.dim(1), x.dim(2), cin, cout, kh, kw, stride, pad, oh, ow);
  }
}
