package org.spike2former.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/**
 * Reads a checkpoint into a network's parameters by the authors' names. A {@code module.} prefix is
 * dropped; a checkpoint whose names carry neither {@code backbone.} nor {@code decode_head.} is
 * taken for a backbone alone.
 */
public final class ModelWeights {
  private static final String BACKBONE = "backbone.";
  private static final String HEAD = "decode_head.";
  private static final String MODULE = "module.";

  /**
   * No trained weight is this large; float32 sums with one could overflow, and a neuron would hide
   * the NaN that follows.
   */
  private static final double LIMIT = 1e6;

  private ModelWeights() {}

  /**
   * Reads safetensors or a PyTorch checkpoint.
   *
   * @param allowMissing whether missing and unexpected names are accepted; parameters without a
   *     value keep the one they have
   * @throws WeightsException with the exact names if the checkpoint does not fit
   * @throws FormatException if the file is unreadable, has a name twice, or holds numbers that are
   *     not finite or beyond ±1e6
   */
  public static WeightsReport load(ParameterSet parameters, Path file, boolean allowMissing)
      throws IOException {
    try (TensorArchive archive = TensorFiles.open(file)) {
      Map<String, String> sources = sources(archive);
      WeightsReport report = compare(parameters, archive, sources);
      boolean acceptable = allowMissing ? report.misShaped().isEmpty() : report.isExact();
      if (!acceptable || report.loaded().isEmpty()) {
        throw new WeightsException(file, report);
      }
      for (String name : report.loaded()) {
        Tensor value = archive.read(sources.get(name));
        requireFinite(file, name, value);
        parameters.get(name).set(value);
      }
      return report;
    }
  }

  /** Names of the network to the names in the file. */
  private static Map<String, String> sources(TensorArchive archive) throws FormatException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String name : archive.names()) {
      String plain = name.startsWith(MODULE) ? name.substring(MODULE.length()) : name;
      if (sources.put(plain, name) != null) {
        throw new FormatException(
            archive.path(), "has " + plain + " twice, with and without the prefix " + MODULE);
      }
    }
    boolean whole =
        sources.keySet().stream().anyMatch(n -> n.startsWith(BACKBONE) || n.startsWith(HEAD));
    if (whole) {
      return sources;
    }
    Map<String, String> prefixed = new LinkedHashMap<>();
    sources.forEach((name, source) -> prefixed.put(BACKBONE + name, source));
    return prefixed;
  }

  private static WeightsReport compare(
      ParameterSet parameters, TensorArchive archive, Map<String, String> sources) {
    List<String> loaded = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> misShaped = new ArrayList<>();
    for (Parameter parameter : parameters.all()) {
      String source = sources.get(parameter.name());
      if (source == null) {
        if (!parameter.name().endsWith(Scope.BATCH_COUNT)) {
          missing.add(parameter.name());
        }
      } else if (Arrays.equals(parameter.shape(), archive.shape(source))) {
        loaded.add(parameter.name());
      } else {
        misShaped.add(
            parameter.name()
                + ": expected "
                + Shape.toString(parameter.shape())
                + ", found "
                + Shape.toString(archive.shape(source)));
      }
    }
    List<String> unexpected =
        sources.keySet().stream().filter(name -> parameters.get(name) == null).toList();
    return new WeightsReport(loaded, missing, unexpected, misShaped);
  }

  private static void requireFinite(Path file, String name, Tensor value) throws FormatException {
    boolean variance = name.endsWith(".running_var");
    boolean unlimited = variance || name.endsWith(Scope.BATCH_COUNT);
    double least = variance ? 0 : unlimited ? -Double.MAX_VALUE : -LIMIT;
    double greatest = unlimited ? Double.MAX_VALUE : LIMIT;
    int found =
        value.dtype() == DType.F32
            ? firstOutside(value.floats(), least, greatest)
            : firstOutside(value.to(DType.F64).doubles(), least, greatest);
    if (found >= 0) {
      double x = value.get(found);
      boolean tooLarge = Double.isFinite(x) && !unlimited;
      throw new FormatException(
          file,
          name
              + " holds "
              + x
              + " at element "
              + found
              + (tooLarge ? ", more than any trained weight" : ""));
    }
  }

  /** Index of the first element that is not in least…greatest, NaN included; −1 for none. */
  private static int firstOutside(float[] x, double least, double greatest) {
    for (int i = 0; i < x.length; i++) {
      if (!(x[i] >= least && x[i] <= greatest)) {
        return i;
      }
    }
    return -1;
  }

  private static int firstOutside(double[] x, double least, double greatest) {
    for (int i = 0; i < x.length; i++) {
      if (!(x[i] >= least && x[i] <= greatest)) {
        return i;
      }
    }
    return -1;
  }
}
