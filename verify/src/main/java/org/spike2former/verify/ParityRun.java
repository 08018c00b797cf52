package org.spike2former.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.verify.compare.BitCapture;
import org.spike2former.verify.compare.Bits;
import org.spike2former.verify.compare.ComparingOps;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.PotentialOps;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.SpikeComparison;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;
import org.spike2former.verify.folder.Archives;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.folder.Layouts;
import org.spike2former.verify.folder.RecordedFile;
import org.spike2former.verify.folder.Sha256;
import org.spike2former.verify.training.Feeding;

/**
 * Runs the network of a {@link FixtureFolder} and compares it with the recordings:
 *
 * <ul>
 *   <li>float64 end to end: all spikes equal, everything else within {@value #F64_TOLERANCE} of the
 *       recorded tensor's largest magnitude
 *   <li>float64 block by block, if asked for: each block and neuron is fed what was recorded
 *   <li>float32 block by block: each block and neuron is fed what was recorded; within {@value
 *       #F32_TOLERANCE}, differing spikes near ties only ({@link Flip#isNearTie})
 *   <li>float32 end to end: the same bounds; after a neuron layer with a differing spike the run
 *       goes on from the recorded spikes
 *   <li>against itself: other implementations and numbers of threads give the same bits
 *   <li>checkpoint: {@code weights.pth} and {@code weights.safetensors} hold the same bits
 * </ul>
 *
 * <p>Those are the {@linkplain Tolerances#DEFAULT default tolerances}. A section for which the
 * folder has nothing is left out. NaN or infinity anywhere fails.
 */
public final class ParityRun {
  /** Greatest error in float64, relative to the recorded tensor's largest magnitude. */
  public static final double F64_TOLERANCE = 1e-9;

  /** Greatest error in float32, relative to the recorded tensor's largest magnitude. */
  public static final double F32_TOLERANCE = 1e-5;

  private final FixtureFolder folder;
  private final Function<Precision, Ops> backend;
  private final Network network;
  private final Layouts layouts;
  private final Tensor input;
  private final Map<Precision, Ops> created = new EnumMap<>(Precision.class);

  /**
   * Loads the network.
   *
   * @param backend makes the operations to verify, for either real type
   * @throws IOException if the weights cannot be read or do not fit
   */
  public ParityRun(FixtureFolder folder, Function<Precision, Ops> backend) throws IOException {
    this.folder = folder;
    this.backend = backend;
    this.network = Network.of(folder.config());
    ModelWeights.load(network.parameters(), folder.weights(), false);
    int batch = folder.input().dim(0);
    this.layouts = new Layouts(folder.config().backbone().timeSteps(), batch);
    this.input = layouts.toModel("input", folder.input());
  }

  /** As {@link #run(ParityOptions, List)} with the usual comparisons. */
  public ParityReport run(List<Precision> precisions, List<Function<Precision, Ops>> others)
      throws IOException {
    return run(ParityOptions.of(precisions), others);
  }

  /**
   * Runs.
   *
   * @param others implementations whose bits should be the same; may be empty
   * @throws IOException if a recording cannot be read
   */
  public ParityReport run(ParityOptions options, List<Function<Precision, Ops>> others)
      throws IOException {
    List<Section> sections = new ArrayList<>();
    Feeding feeding = options.feeding();
    try {
      if (options.precisions().contains(Precision.F64)) {
        sections.addAll(
            feeding.isRecorded(Precision.F64) ? blockByBlock(Precision.F64, options) : List.of());
        sections.addAll(feeding.isComputed() ? float64(options) : List.of());
      }
      if (options.precisions().contains(Precision.F32)) {
        sections.addAll(
            feeding.isRecorded(Precision.F32) ? blockByBlock(Precision.F32, options) : List.of());
        sections.addAll(feeding.isComputed() ? float32(options) : List.of());
      }
      for (Function<Precision, Ops> other : others) {
        for (Precision precision : options.precisions()) {
          sections.add(againstItself(precision, other.apply(precision)));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (folder.otherWeights().isPresent()) {
      List<TensorComparison> rows = Archives.weights(folder.weights(), folder.otherWeights().get());
      sections.add(new Section("checkpoint", "", 0, rows, List.of()));
    }
    return new ParityReport(
        folder.path().toString(), options.tolerances(), digests(options), sections);
  }

  private Map<String, String> digests(ParityOptions options) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    if (options.details()) {
      for (Path file : List.of(folder.path().resolve(ModelFolder.CONFIG), folder.weights())) {
        digests.put(file.getFileName().toString(), Sha256.of(file));
      }
    }
    return digests;
  }

  private List<Section> float64(ParityOptions options) {
    List<RecordedFile> files =
        folder.recorded(
            ComparisonKind.OUTPUT,
            ComparisonKind.TRACE,
            ComparisonKind.POTENTIAL,
            ComparisonKind.SPIKES);
    return compare("float64 end to end", Precision.F64, ComparingOps.Feed.COMPUTED, files, options);
  }

  private List<Section> blockByBlock(Precision precision, ParityOptions options) {
    return compare(
        precision.title() + " block by block",
        precision,
        ComparingOps.Feed.RECORDED,
        folder.recorded(
            ComparisonKind.OUTPUT,
            ComparisonKind.TRACE,
            ComparisonKind.POTENTIAL,
            ComparisonKind.SPIKES),
        options);
  }

  private List<Section> float32(ParityOptions options) {
    List<RecordedFile> files =
        folder.recorded(
            ComparisonKind.OUTPUT,
            ComparisonKind.OUTPUT_F32,
            ComparisonKind.TRACE,
            ComparisonKind.POTENTIAL,
            ComparisonKind.SPIKES);
    return compare("float32 end to end", Precision.F32, ComparingOps.Feed.REPAIRED, files, options);
  }

  /** A section, or none where there are no files to compare with. */
  private List<Section> compare(
      String title,
      Precision precision,
      ComparingOps.Feed feed,
      List<RecordedFile> files,
      ParityOptions options) {
    if (files.isEmpty()) {
      return List.of();
    }
    ComparingOps ops =
        new ComparingOps(ops(precision), files, folder.config(), layouts, feed, options);
    forward(ops);
    Map<String, SpikeComparison> flipped =
        precision == Precision.F32 ? potentials(ops.flipped(), options) : Map.of();
    List<TensorComparison> rows = new ArrayList<>();
    for (TensorComparison row : ops.rows()) {
      boolean judged = row.kind() == ComparisonKind.SPIKES && flipped.containsKey(row.name());
      rows.add(judged ? flipped.get(row.name()).row().with(row.details()) : row);
    }
    List<Flip> flips = new ArrayList<>();
    for (SpikeComparison comparison : ops.flipped()) {
      flips.addAll(flipped.getOrDefault(comparison.neuron(), comparison).flips());
    }
    double tolerance = options.tolerances().block(precision);
    double noise = Tolerances.STRICT.block(precision);
    return List.of(new Section(title, ops.describe(), tolerance, noise, rows, flips));
  }

  /**
   * Looks up potentials in a float64 run, which counts only if all its spikes are the recorded
   * ones.
   */
  private Map<String, SpikeComparison> potentials(
      List<SpikeComparison> flipped, ParityOptions options) {
    if (flipped.isEmpty()) {
      return Map.of();
    }
    List<RecordedFile> files = folder.recorded(ComparisonKind.SPIKES);
    ComparingOps check =
        new ComparingOps(
            ops(Precision.F64),
            files,
            folder.config(),
            layouts,
            ComparingOps.Feed.COMPUTED,
            options);
    PotentialOps probe = new PotentialOps(check, layouts, flipped);
    forward(probe);
    return check.flipped().isEmpty() ? probe.comparisons() : Map.of();
  }

  private Section againstItself(Precision precision, Ops other) {
    BitCapture own = new BitCapture(ops(precision));
    forward(own);
    BitCapture theirs = new BitCapture(other);
    forward(theirs);
    return new Section(
        "against itself, " + precision.title() + ": " + other.describe(),
        own.describe(),
        0,
        Bits.compare(theirs.observations(), own.observations(), layouts),
        List.of());
  }

  private Ops ops(Precision precision) {
    return created.computeIfAbsent(precision, backend);
  }

  private void forward(Ops ops) {
    network.logitsInFull(ops, input.to(ops.precision().type()));
  }
}
