package org.spike2former.model.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/**
 * Reads a checkpoint into a network's parameters by the authors' names, whatever prefixes stand
 * before them; see {@link CheckpointNames}. Names without {@code backbone.} are taken for a
 * backbone alone.
 */
public final class ModelWeights {
  /**
   * Starts of the names of layers whose output channels are the classes: those of a head with
   * queries, which has "no object" among them, and of an FPN head.
   */
  private static final List<String> CLASSIFIERS =
      List.of("decode_head.cls_embed.", "decode_head.conv_seg.");

  /** End of the name of the weights that the image meets first. */
  private static final String STEM = "downsample1_1.encode_conv.weight";

  /**
   * No trained weight is this large; float32 sums with one could overflow, and a neuron would hide
   * the NaN that follows.
   */
  private static final double LIMIT = 1e6;

  private ModelWeights() {}

  /** Start of the names of the network's layer that tells the classes apart, a dot at its end. */
  public static String classifier(ParameterSet parameters) {
    return CLASSIFIERS.stream()
        .filter(name -> parameters.get(name + "weight") != null)
        .findFirst()
        .orElseThrow();
  }

  /** As {@link #load(ParameterSet, Path, String, Fit)} with the usual choice of tensors. */
  public static WeightsReport load(ParameterSet parameters, Path file, boolean allowMissing)
      throws IOException {
    return load(parameters, file, null, allowMissing ? Fit.PARTIAL : Fit.EXACT);
  }

  /**
   * Reads safetensors or a PyTorch checkpoint.
   *
   * @param weightsKey which of several networks in the file: what their names begin with, or the
   *     dictionary in which they lie; null for the usual choice
   * @param fit what may be missing; parameters without a value keep the one they have
   * @throws WeightsException with the exact names if the checkpoint does not fit
   * @throws FormatException if the file is unreadable, has a name twice, or holds numbers that are
   *     not finite or beyond ±1e6
   */
  public static WeightsReport load(ParameterSet parameters, Path file, String weightsKey, Fit fit)
      throws IOException {
    return load(parameters, file, weightsKey, fit, false);
  }

  /**
   * As {@link #load(ParameterSet, Path, String, Fit)}.
   *
   * @param releasable for inference alone: values may be {@linkplain Parameter#release released},
   *     where the file's format allows to read single ones
   */
  static WeightsReport load(
      ParameterSet parameters, Path file, String weightsKey, Fit fit, boolean releasable)
      throws IOException {
    String prefix = weightsKey == null ? "" : weightsKey.replaceAll("\\.$", "") + ".";
    try (TensorArchive archive = open(file, weightsKey, prefix)) {
      return load(parameters, archive, weightsKey, prefix, fit, releasable);
    }
  }

  /** Reads all that an open archive holds; what is missing or does not fit is refused. */
  static void load(ParameterSet parameters, TensorArchive archive) throws IOException {
    load(parameters, archive, null, "", Fit.EXACT, false);
  }

  private static WeightsReport load(
      ParameterSet parameters,
      TensorArchive archive,
      String weightsKey,
      String prefix,
      Fit fit,
      boolean releasable)
      throws IOException {
    boolean isPrefix = weightsKey != null && hasPrefix(archive, prefix);
    CheckpointNames names =
        new CheckpointNames(parameters, archive.path(), archive.names(), isPrefix ? prefix : "");
    requireReadable(parameters, archive, names);
    WeightsReport report = compare(parameters, archive, names, weightsKey);
    if (!isAcceptable(report, fit)) {
      throw new WeightsException(report);
    }
    for (Parameter parameter : parameters.all()) {
      String source = names.source(parameter.name());
      if (source != null && fits(parameter, archive.shape(source))) {
        Tensor value = archive.read(source);
        requireFinite(archive.path(), source, value);
        parameter.set(value, releasable ? archive.reader(source) : null);
      }
    }
    return report;
  }

  /** The usual choice of tensors, if the key is a prefix of their names, or else those under it. */
  private static TensorArchive open(Path file, String weightsKey, String prefix)
      throws IOException {
    if (weightsKey == null) {
      return TensorFiles.open(file);
    }
    boolean safetensors;
    try (TensorArchive usual = TensorFiles.open(file)) {
      if (hasPrefix(usual, prefix)) {
        return TensorFiles.open(file);
      }
      safetensors = usual instanceof Safetensors;
    } catch (FormatException _) {
      // Such as a pickled module under "model" next to the averages that the key names.
      return TensorFiles.open(file, weightsKey);
    }
    if (safetensors) {
      throw new FormatException(
          file, "has no names that begin with " + prefix + " as weights_key says");
    }
    return TensorFiles.open(file, weightsKey);
  }

  private static boolean hasPrefix(TensorArchive archive, String prefix) {
    return archive.names().stream().anyMatch(name -> name.startsWith(prefix));
  }

  private static boolean isAcceptable(WeightsReport report, Fit fit) {
    return switch (fit) {
          case EXACT -> report.isExact();
          case PARTIAL -> report.misShaped().isEmpty() && report.otherClasses().isEmpty();
          case OTHER_CLASSES -> report.misShaped().isEmpty();
        }
        && !report.loaded().isEmpty();
  }

  /**
   * A tensor of a kind that cannot be read says why when it is asked for. Integers where weights
   * are wanted are a quantised network's, whose scales lie elsewhere.
   */
  private static void requireReadable(
      ParameterSet parameters, TensorArchive archive, CheckpointNames names) throws IOException {
    for (Parameter parameter : parameters.all()) {
      String source = names.source(parameter.name());
      if (source == null) {
        continue;
      }
      ElementType type = archive.type(source);
      if (type == ElementType.OTHER) {
        archive.read(source);
      } else if (!type.isReal() && !parameter.name().endsWith(Scope.BATCH_COUNT)) {
        throw new FormatException(
            archive.path(),
            "tensor "
                + source
                + " has elements of type "
                + type
                + ", expected floating point; if the network is quantised, give the checkpoint from"
                + " which it was made");
      }
    }
  }

  private static boolean fits(Parameter parameter, int[] found) {
    return Arrays.equals(parameter.shape(), found);
  }

  private static WeightsReport compare(
      ParameterSet parameters, TensorArchive archive, CheckpointNames names, String weightsKey) {
    List<String> loaded = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> misShaped = new ArrayList<>();
    List<String> otherClasses = new ArrayList<>();
    MissingParts unset = new MissingParts(parameters);
    for (Parameter parameter : parameters.all()) {
      String source = names.source(parameter.name());
      if (source == null) {
        if (!parameter.name().endsWith(Scope.BATCH_COUNT)) {
          missing.add(names.named(parameter.name()));
          unset.add(parameter);
        }
      } else if (fits(parameter, archive.shape(source))) {
        loaded.add(source);
      } else {
        boolean classes = differsInClasses(parameter, archive.shape(source));
        (classes ? otherClasses : misShaped)
            .add(
                source
                    + ": expected "
                    + Shape.toString(parameter.shape())
                    + ", found "
                    + Shape.toString(archive.shape(source))
                    + (differsInStem(parameter, archive.shape(source))
                        ? " (the network takes images of "
                            + parameter.shape()[1]
                            + " channels, that of the checkpoint of "
                            + archive.shape(source)[1]
                            + ")"
                        : ""));
      }
    }
    List<String> remarks = new ArrayList<>(names.remarks());
    List<String> others =
        archive.otherContainers().stream().filter(key -> !hasPrefix(archive, key + ".")).toList();
    if (weightsKey == null && !others.isEmpty()) {
      remarks.add("not taken, but there too: " + String.join(", ", others) + ", see weights_key");
    }
    return new WeightsReport(
        archive.path(),
        archive.container(),
        isFromPyTorch(archive),
        loaded,
        missing,
        names.unexpected(),
        misShaped,
        otherClasses,
        unset.lines(),
        remarks);
  }

  private static boolean isFromPyTorch(TensorArchive archive) {
    return !(archive instanceof Safetensors safetensors)
        || "pt".equals(safetensors.metadata().get("format"));
  }

  /** Whether only the number of channels that the first layer takes is another. */
  private static boolean differsInStem(Parameter parameter, int[] found) {
    int[] expected = parameter.shape();
    return parameter.name().endsWith(STEM)
        && found.length == expected.length
        && found[0] == expected[0]
        && Arrays.equals(expected, 2, expected.length, found, 2, found.length);
  }

  private static boolean differsInClasses(Parameter parameter, int[] found) {
    int[] expected = parameter.shape();
    return CLASSIFIERS.stream().anyMatch(parameter.name()::startsWith)
        && found.length == expected.length
        && found[0] > 1
        && Arrays.equals(expected, 1, expected.length, found, 1, found.length);
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
