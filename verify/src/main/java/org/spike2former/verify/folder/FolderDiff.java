package org.spike2former.verify.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;

/**
 * Compares the recordings of two folders, tensor by tensor: two runs, two machines, two programs.
 * Differing tensors are listed in the order of the network, so that the first is where the
 * difference began.
 */
public final class FolderDiff {
  private static final Map<String, ComparisonKind> FLOAT64 = new LinkedHashMap<>();

  static {
    FLOAT64.put("io_f64.safetensors", ComparisonKind.OUTPUT);
    FLOAT64.put("trace_f64.safetensors", ComparisonKind.TRACE);
    FLOAT64.put("potential_means_f64.safetensors", ComparisonKind.POTENTIAL);
    FLOAT64.put("spikes.safetensors", ComparisonKind.SPIKES);
  }

  private static final Map<String, ComparisonKind> FLOAT32 =
      Map.of("io_f32.safetensors", ComparisonKind.OUTPUT_F32);
  private static final Map<String, ComparisonKind> GRADIENTS =
      Map.of("grads_train_f64.safetensors", ComparisonKind.GRADIENT);

  private final Path expected;
  private final Path found;
  private final Tolerances tolerances;
  private final boolean details;
  private final ModelConfig config;
  private final ModelConfig other;

  /**
   * Sets what is compared.
   *
   * @param tolerances how far numbers may be apart; null if bits should be equal
   * @param details whether rows get {@link ErrorDetails}
   * @throws IOException if either folder has no configuration that can be read
   */
  public FolderDiff(Path expected, Path found, Tolerances tolerances, boolean details)
      throws IOException {
    this.expected = expected;
    this.found = found;
    this.tolerances = tolerances;
    this.details = details;
    config = ModelFolder.config(expected);
    other = ModelFolder.config(found);
  }

  /**
   * Compares the files that both have; what only one has is listed.
   *
   * @throws IOException if a file cannot be read, or the folders have none in common
   */
  public ParityReport run() throws IOException {
    List<Section> sections = new ArrayList<>();
    double f64 = tolerances == null ? Archives.BITS : tolerances.f64();
    double f32 = tolerances == null ? Archives.BITS : tolerances.f32();
    double gradient = tolerances == null ? Archives.BITS : tolerances.gradientF64();
    sections.addAll(section("float64", FLOAT64, f64));
    sections.addAll(section("float32", FLOAT32, f32));
    sections.addAll(section("gradients", GRADIENTS, gradient));
    if (sections.isEmpty()) {
      throw new FormatException(found, "has no recordings in common with " + expected);
    }
    Path weights = ModelFolder.weights(expected);
    Path others = ModelFolder.weights(found);
    List<TensorComparison> rows =
        Archives.compare(weights, others, ComparisonKind.WEIGHT, f32, details).rows();
    sections.add(new Section("weights", "", Math.max(0, f32), rows, List.of()));
    sections.add(new Section("files", "", 0, files(), List.of()));
    return new ParityReport(
        expected + " and " + found, tolerances == null ? BITS : tolerances, Map.of(), sections);
  }

  private static final Tolerances BITS = new Tolerances("equal bits", 0, 0, 0, 0, 0);

  private List<Section> section(String title, Map<String, ComparisonKind> files, double tolerance)
      throws IOException {
    List<TensorComparison> rows = new ArrayList<>();
    List<Flip> flips = new ArrayList<>();
    for (Map.Entry<String, ComparisonKind> file : files.entrySet()) {
      Path wanted = expected.resolve(file.getKey());
      Path there = found.resolve(file.getKey());
      if (Files.exists(wanted) && Files.exists(there)) {
        Archives.Comparison comparison =
            Archives.compare(wanted, there, file.getValue(), tolerance, details);
        rows.addAll(comparison.rows());
        flips.addAll(comparison.flips());
      }
    }
    if (rows.isEmpty()) {
      return List.of();
    }
    if (rows.stream().anyMatch(row -> row.maxAbsError() != 0 || !row.pass())) {
      Map<String, Integer> order = NetworkOrder.of(config);
      rows.sort(Comparator.comparingInt(row -> order.getOrDefault(row.name(), Integer.MAX_VALUE)));
    }
    return List.of(new Section(title, "", Math.max(0, tolerance), rows, flips));
  }

  /** The keys of the configurations that differ, with both values. */
  private String keys() throws IOException {
    Map<String, String> here = values(expected);
    Map<String, String> there = values(found);
    Set<String> all = new LinkedHashSet<>(here.keySet());
    all.addAll(there.keySet());
    return all.stream()
        .filter(key -> !Objects.equals(here.get(key), there.get(key)))
        .map(key -> key + ": " + here.get(key) + " and " + there.get(key))
        .collect(Collectors.joining(", "));
  }

  /** All values of a configuration by their paths. */
  private static Map<String, String> values(Path folder) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    collect("", new ObjectMapper().readTree(folder.resolve(ModelFolder.CONFIG).toFile()), values);
    return values;
  }

  private static void collect(String path, JsonNode node, Map<String, String> values) {
    if (!node.isObject()) {
      values.put(path, node.toString());
      return;
    }
    node.properties()
        .forEach(
            entry ->
                collect(
                    path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                    entry.getValue(),
                    values));
  }

  private List<TensorComparison> files() throws IOException {
    List<TensorComparison> rows = new ArrayList<>();
    rows.add(
        config.equals(other)
            ? TensorComparison.equal(ModelFolder.CONFIG, ComparisonKind.FILE, 1)
            : TensorComparison.failed(
                ModelFolder.CONFIG, ComparisonKind.FILE, 1, "another network: " + keys()));
    for (Map<String, ComparisonKind> files : List.of(FLOAT64, FLOAT32, GRADIENTS)) {
      for (String name : files.keySet()) {
        boolean here = Files.exists(expected.resolve(name));
        if (here != Files.exists(found.resolve(name))) {
          String note = "only in " + (here ? expected : found) + ", not compared";
          rows.add(TensorComparison.equal(name, ComparisonKind.FILE, 0).withNote(note));
        }
      }
    }
    return rows;
  }
}
