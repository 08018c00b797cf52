package org.spike2former.serve.compute;

import java.util.List;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.snn.firing.FiringStatistics;
import org.spike2former.snn.firing.SpikeListener;
import org.spike2former.snn.firing.SpikeTap;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/**
 * A model that computes in one way for one caller at a time, and hears its own spikes. They change
 * no bit of what is computed.
 */
public final class Engine implements AutoCloseable {
  private final ServedModel model;
  private final Segmenter segmenter;
  private final Workers counting;
  private SpikeListener also;
  private FiringStatistics statistics;
  private int height;
  private int width;

  Engine(ServedModel model, Variant variant, Backend backend, int threads) {
    this.model = model;
    segmenter =
        Segmenter.of(
            model.network(),
            model.preprocessing(),
            model.classes(),
            SegmenterOptions.builder()
                .backend(backend)
                .threads(threads)
                .weights(variant.weights())
                .arithmetic(variant.arithmetic())
                .precision(variant.precision())
                .build());
    counting = variant.isHeard() ? new Workers(threads) : null;
    if (variant.isHeard()) {
      Program.Runner plain = Program.runner(new SpikeTap(segmenter.ops(), List.of(this::hear)));
      segmenter.runWith(
          (kind, sizes, program, input) -> {
            begin(input);
            return plain.run(kind, sizes, program, input);
          },
          segmenter.describe());
    }
  }

  private void begin(Tensor input) {
    height = input.dim(1);
    width = input.dim(2);
    statistics = new FiringStatistics(counting);
  }

  private void hear(String neuron, int maxSpikes, Tensor spikes) {
    statistics.fired(neuron, maxSpikes, spikes);
    if (also != null) {
      also.fired(neuron, maxSpikes, spikes);
    }
  }

  /** The model. */
  public ServedModel model() {
    return model;
  }

  /** What computes. */
  public Segmenter segmenter() {
    return segmenter;
  }

  /** Lets another hear the spikes of the runs to come; null: no longer. */
  public void tell(SpikeListener listener) {
    also = listener;
  }

  /** What was heard in the last run; null of deployment forms, whose layers are others. */
  public Heard heard() {
    return statistics == null ? null : new Heard(height, width, statistics.layers());
  }

  @Override
  public void close() {
    segmenter.close();
    if (counting != null) {
      counting.close();
    }
  }
}
