package org.spike2former.verify.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.PartNames;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.ParityOptions;
import org.spike2former.verify.folder.Layouts;
import org.spike2former.verify.folder.RecordedFile;

/**
 * Compares every observed block and neuron layer with its recording while the network runs, and
 * decides what the network goes on with.
 *
 * <p>A file that cannot be read ends the run with an {@link UncheckedIOException}; a recording that
 * does not fit is a failing row.
 */
public final class ComparingOps extends ForwardingOps {
  /** What the network goes on with. */
  public enum Feed {
    /** What it computed: end to end. */
    COMPUTED,
    /** The recorded spikes after a neuron layer in which one differs, else what it computed. */
    REPAIRED,
    /** What was recorded: block by block. */
    RECORDED
  }

  private final List<RecordedFile> files;
  private final ModelConfig config;
  private final Layouts layouts;
  private final Feed feed;
  private final ParityOptions options;
  private final Map<ComparisonKind, Set<String>> unseen = new EnumMap<>(ComparisonKind.class);
  private final List<TensorComparison> rows = new ArrayList<>();
  private final List<SpikeComparison> spikes = new ArrayList<>();

  /** Compares with these files, of which the first that has a name also feeds the network. */
  public ComparingOps(
      Ops ops,
      List<RecordedFile> files,
      ModelConfig config,
      Layouts layouts,
      Feed feed,
      ParityOptions options) {
    super(ops);
    this.files = List.copyOf(files);
    this.config = config;
    this.layouts = layouts;
    this.feed = feed;
    this.options = options;
    files.forEach(file -> unseen.put(file.kind(), new LinkedHashSet<>(file.names())));
  }

  /** A row for each comparison, in the order of the run, then for each recording without one. */
  public List<TensorComparison> rows() {
    List<TensorComparison> all = new ArrayList<>(rows);
    for (RecordedFile file : files) {
      for (String name : unseen.get(file.kind())) {
        long elements = Shape.size(file.shape(name));
        all.add(
            TensorComparison.failed(
                name, file.kind(), elements, "recorded, but the network has none"));
      }
    }
    return all;
  }

  /** Neuron layers in which a spike differs. */
  public List<SpikeComparison> flipped() {
    return spikes.stream().filter(comparison -> comparison.flipped() > 0).toList();
  }

  @Override
  public Tensor observe(String block, Tensor output) {
    Tensor next = null;
    boolean compared = false;
    for (RecordedFile file : files) {
      if (!ofNeurons(file) && file.has(block)) {
        Tensor recorded = compareBlock(file, block, output);
        next = next == null ? recorded : next;
        compared = true;
      }
    }
    if (!compared) {
      requireFinite(block, ComparisonKind.TRACE, output);
    }
    boolean replace = feed == Feed.RECORDED && next != null && output.dtype().isReal();
    return replace ? layouts.toModel(block, next).to(precision().type()) : output;
  }

  private static boolean ofNeurons(RecordedFile file) {
    return file.kind() == ComparisonKind.SPIKES || file.kind() == ComparisonKind.POTENTIAL;
  }

  /** Compares, and returns the recorded tensor; null if it does not fit. */
  private Tensor compareBlock(RecordedFile file, String block, Tensor output) {
    try {
      return compare(file, block, layouts.toRecorded(block, output));
    } catch (IllegalArgumentException e) {
      unseen.get(file.kind()).remove(block);
      rows.add(TensorComparison.failed(block, file.kind(), output.size(), e.getMessage()));
      return null;
    }
  }

  /**
   * Compares a tensor in PyTorch's layout, and returns the recorded one; null if it does not fit.
   */
  private Tensor compare(RecordedFile file, String block, Tensor computed) {
    unseen.get(file.kind()).remove(block);
    try {
      Shape.require(block, computed.shape(), file.shape(block));
      Tensor recorded = file.read(block);
      Difference difference = Difference.of(block, recorded, computed);
      double tolerance = options.tolerances().block(precision());
      TensorComparison row =
          TensorComparison.real(block, file.kind(), difference, tolerance, recorded.shape());
      rows.add(
          options.details() && row.maxAbsError() != 0
              ? row.with(ErrorDetails.of(recorded, computed))
              : row);
      return recorded;
    } catch (FormatException | IllegalArgumentException e) {
      rows.add(TensorComparison.failed(block, file.kind(), computed.size(), e.getMessage()));
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Tensor observeSpikes(String neuron, Tensor potential, Tensor fired) {
    requireFinite(neuron + " (potential)", ComparisonKind.SPIKES, potential);
    Tensor next = fired;
    for (RecordedFile file : files) {
      if (file.kind() == ComparisonKind.POTENTIAL && file.has(neuron)) {
        compare(file, neuron, ChannelMeans.of(potential));
      } else if (file.kind() == ComparisonKind.SPIKES && file.has(neuron)) {
        unseen.get(file.kind()).remove(neuron);
        next = compareSpikes(file, neuron, fired);
      }
    }
    return next;
  }

  private Tensor compareSpikes(RecordedFile file, String neuron, Tensor fired) {
    try {
      Tensor computed = layouts.toRecorded(neuron, fired);
      Shape.require(neuron, computed.shape(), file.shape(neuron));
      Tensor recorded = file.readSpikes(neuron, maxSpikes(neuron));
      double near = options.tolerances().nearTie();
      SpikeComparison comparison = SpikeComparison.of(neuron, recorded, computed, near);
      spikes.add(comparison);
      TensorComparison row = comparison.row();
      rows.add(
          options.details() && row.flipped() > 0
              ? row.with(
                  ErrorDetails.ofSpikes(
                      layouts.toModel(neuron, recorded), fired, recorded, computed))
              : row);
      boolean replace = feed != Feed.COMPUTED && comparison.flipped() > 0;
      return replace ? withScale(layouts.toModel(neuron, recorded), fired.scale()) : fired;
    } catch (FormatException | IllegalArgumentException e) {
      rows.add(
          TensorComparison.failed(neuron, ComparisonKind.SPIKES, fired.size(), e.getMessage()));
      return fired;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int maxSpikes(String neuron) {
    return config.neuron(PartNames.of(neuron).orElse(NetworkPart.HEAD)).maxSpikes();
  }

  private static Tensor withScale(Tensor spikes, double scale) {
    return Tensor.spikes(spikes.bytes(), scale, spikes.shape());
  }

  private void requireFinite(String name, ComparisonKind kind, Tensor x) {
    int bad = x.dtype().isReal() ? Difference.firstNotFinite(x) : -1;
    if (bad >= 0) {
      rows.add(TensorComparison.failed(name, kind, x.size(), "NaN or infinite at element " + bad));
    }
  }
}
