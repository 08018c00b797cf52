package org.spike2former.snn.spikedriven;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * What follows on spikes without a neuron in between, to be merged into one layer.
 *
 * @param scale what a spike stands for
 * @param first the weight layer that takes the spikes
 * @param links what follows it, in order
 */
record LinearChain(double scale, WeightLayer first, List<Link> links) {
  /** A linear operation. */
  interface Link {
    MergedLayer after(MergedLayer layer);
  }

  /** A weight layer without padding. */
  record Weights(WeightLayer layer) implements Link {
    @Override
    public MergedLayer after(MergedLayer before) {
      return before.then(MergedLayer.of(layer));
    }
  }

  /** A BatchNorm by itself. */
  record Norm(BatchNorm norm) implements Link {
    @Override
    public MergedLayer after(MergedLayer before) {
      return before.then(norm);
    }
  }

  /** RepConv's padding with what the layer before it gives for input 0. */
  record Padding() implements Link {
    @Override
    public MergedLayer after(MergedLayer before) {
      return before.padded();
    }
  }

  /** Layer scale: a factor for each channel, or one for all. */
  record Scale(Tensor gamma) implements Link {
    @Override
    public MergedLayer after(MergedLayer before) {
      return before.scaled(c -> gamma.get(gamma.size() == 1 ? 0 : c), _ -> 0);
    }
  }

  /** A constant factor. */
  record Factor(double factor) implements Link {
    @Override
    public MergedLayer after(MergedLayer before) {
      return before.scaled(_ -> factor, _ -> 0);
    }
  }

  /** Copies the list. */
  LinearChain {
    links = List.copyOf(links);
  }

  LinearChain(double scale, WeightLayer first) {
    this(scale, first, List.of());
  }

  LinearChain then(Link link) {
    List<Link> longer = new ArrayList<>(links);
    longer.add(link);
    return new LinearChain(scale, first, longer);
  }

  /** Whether {@code norm} is the last thing here, and all that a spike of 0 meets. */
  boolean givesShiftForZero(BatchNorm norm) {
    return links.isEmpty()
        && first.isPointwise()
        && first.bias() == null
        && first.norms().equals(List.of(norm));
  }

  MergedLayer merged() {
    MergedLayer layer = MergedLayer.of(first).onSpikes(scale);
    for (Link link : links) {
      layer = link.after(layer);
    }
    return layer;
  }
}
