package org.spike2former.tensor.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Derivatives.Moments;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * Records weight layers and their BatchNorms. A norm needs the layer's bare output again in
 * backward: that is kept as far as {@link TapeOptions#keptBytes} goes, and computed anew beyond it.
 */
final class LayersOnTape {
  private final Tape tape;
  private final Derivatives derivatives;
  private final TapeOptions options;
  private final Precision precision;
  private final List<BatchStatistics> statistics = new ArrayList<>();
  private long keptBytes;

  LayersOnTape(Tape tape, TapeOptions options, Precision precision) {
    this.tape = tape;
    this.derivatives = tape.derivatives();
    this.options = options;
    this.precision = precision;
  }

  /** Nothing of the run before is kept. */
  void beginRun() {
    keptBytes = 0;
    statistics.clear();
  }

  /** See {@link TapeOps#statistics}. */
  List<BatchStatistics> statistics() {
    return List.copyOf(statistics);
  }

  /** The layer without its norms. */
  Tensor bare(Tensor x, WeightLayer layer) {
    GradientSum weight = tape.gradientSum(layer.weight());
    GradientSum bias = tape.gradientSum(layer.bias());
    GradientSum input = GradientSum.of(x);
    return tape.record(
        derivatives.linear(x, layer),
        g -> {
          if (bias != null) {
            bias.give(derivatives.sumRows(g.tensor()));
          }
          if (weight != null) {
            weight.give(derivatives.linearWeight(g.tensor(), x, layer));
          }
          if (input != null) {
            input.give(derivatives.linearInput(g.tensor(), layer, x.shape()));
          }
        },
        weight,
        bias,
        input);
  }

  /** The norm after a layer's bare output, which is kept if it fits. */
  Normalisation normAfter(Tensor bare, Tensor x, WeightLayer layer) {
    long bytes = (long) bare.size() * (precision == Precision.F32 ? 4 : 8);
    boolean kept = bytes <= options.keptBytes() - keptBytes;
    keptBytes += kept ? bytes : 0;
    Supplier<Tensor> again = kept ? () -> bare : () -> derivatives.linear(x, layer);
    return normalisation(bare, layer.norms().get(0), again, true);
  }

  /** A norm whose input stays with its maker. */
  Normalisation norm(Tensor x, BatchNorm norm) {
    return normalisation(x, norm, () -> x, false);
  }

  private Normalisation normalisation(
      Tensor x, BatchNorm norm, Supplier<Tensor> again, boolean lastReader) {
    boolean frozen = options.frozenNorms().test(norm.name());
    Moments moments;
    if (frozen) {
      moments = new Moments(norm.runningMean().value(), norm.runningVar().value());
    } else {
      int rows = x.size() / norm.channels();
      if (rows < 2) {
        throw new ShapeException(
            norm.name() + ": expected more than one value per channel to train on, found " + x);
      }
      moments = derivatives.moments(x);
      BatchStatistics ofBatch = new BatchStatistics(norm, moments, rows);
      ofBatch.update(precision.type());
      statistics.add(ofBatch);
    }
    return new Normalisation(tape, norm, moments, !frozen, GradientSum.of(x), again, lastReader);
  }
}
