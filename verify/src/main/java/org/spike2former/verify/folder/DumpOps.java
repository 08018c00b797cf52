package org.spike2former.verify.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.SafetensorsWriter;
import org.spike2former.verify.compare.ChannelMeans;
import org.spike2former.verify.compare.ComparisonKind;

/** Writes what a network computes while it runs, as PyTorch would record it. */
final class DumpOps extends ForwardingOps {
  /** Results of the network and of its parts; all other names are of blocks inside. */
  private static final Pattern OUTPUT =
      Pattern.compile("seg_logits|backbone\\.x\\d|(head|pixel_decoder|transformer_decoder)\\..+");

  private final Layouts layouts;
  private final Map<ComparisonKind, SafetensorsWriter> files;

  /** Writes to those of the files OUTPUT, TRACE, SPIKES and POTENTIAL that are there. */
  DumpOps(Ops ops, Layouts layouts, Map<ComparisonKind, SafetensorsWriter> files) {
    super(ops);
    this.layouts = layouts;
    this.files = files;
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    ComparisonKind kind =
        OUTPUT.matcher(block).matches() ? ComparisonKind.OUTPUT : ComparisonKind.TRACE;
    write(kind, block, layouts.toRecorded(block, output.to(precision().type())));
    return output;
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor spikes) {
    if (files.containsKey(ComparisonKind.POTENTIAL)) {
      write(ComparisonKind.POTENTIAL, neuron, ChannelMeans.of(potential));
    }
    write(ComparisonKind.SPIKES, neuron, layouts.toRecorded(neuron, spikes));
    return spikes;
  }

  private void write(ComparisonKind kind, String name, Tensor tensor) {
    if (files.containsKey(kind)) {
      try {
        files.get(kind).add(name, tensor);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
