package org.spike2former.model.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.data.ClassTable;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.WeightsFolder;

/** A model folder: {@code model.json} and the weights next to it. */
public final class ModelFolder {
  /** The configuration's file name. */
  public static final String CONFIG = "model.json";

  private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);

  private ModelFolder() {}

  /** As {@link #load(Path, String, boolean)} with the usual choice of tensors. */
  public static Network load(Path folder, boolean allowMissing) throws IOException {
    return load(folder, null, allowMissing);
  }

  /**
   * Reads a folder's network with its weights. What was taken from a file with other names than the
   * network's, and what is missing, is logged.
   *
   * @param weightsKey see {@link ModelWeights#load}
   * @param allowMissing whether names may be missing, and others be there; parameters that the file
   *     lacks get {@link Initialiser} values
   * @throws IOException naming the file that is missing or wrong
   */
  public static Network load(Path folder, String weightsKey, boolean allowMissing)
      throws IOException {
    return load(folder, config(folder), weightsKey, allowMissing);
  }

  /** As {@link #load(Path, String, boolean)}, with the folder's configuration at hand. */
  public static Network load(
      Path folder, ModelConfig config, String weightsKey, boolean allowMissing) throws IOException {
    return load(folder, config, weightsKey, allowMissing, false);
  }

  /**
   * As {@link #load(Path, ModelConfig, String, boolean)}, for inference alone: what a safetensors
   * file holds may be {@linkplain Parameter#release released} once it is packed, and is read again
   * from there if it is needed in another form.
   */
  public static Network loadForInference(
      Path folder, ModelConfig config, String weightsKey, boolean allowMissing) throws IOException {
    return load(folder, config, weightsKey, allowMissing, true);
  }

  private static Network load(
      Path folder, ModelConfig config, String weightsKey, boolean allowMissing, boolean releasable)
      throws IOException {
    Network network = Network.of(config);
    Path weights = weights(folder);
    Fit fit = allowMissing ? Fit.PARTIAL : Fit.EXACT;
    WeightsReport report =
        ModelWeights.load(network.parameters(), weights, weightsKey, fit, releasable);
    if (!report.isPlain()) {
      LOG.info("{}", report.summary());
    }
    report.gaps().forEach(gap -> LOG.warn("{}", gap));
    warnOfConstants(network.config(), folder, report);
    Initialiser.fill(network.parameters(), 0);
    return network;
  }

  /** D and norm are constants of the code that trained a checkpoint, which does not record them. */
  private static void warnOfConstants(ModelConfig config, Path folder, WeightsReport report) {
    if (config.preset() != null || !report.fromPyTorch()) {
      return;
    }
    LOG.warn("{}", constants(Preset.of(config).orElse(null), published(config), folder, report));
  }

  /** D and norm of a network's neurons in the published code. */
  private static String published(ModelConfig config) {
    boolean v2 = config.backbone().type().equals("sdtv2");
    if (config.head().type() == HeadConfig.Type.FPN) {
      return v2 ? "4 (8 in its backbone)" : "4";
    }
    return v2 ? "8" : "8 (4 in its backbone)";
  }

  private static String constants(
      Preset preset, String published, Path folder, WeightsReport report) {
    String has = preset == null ? "values of its own" : "those of the preset " + preset;
    boolean asPublished = preset == Preset.RELEASE || published.equals("4") && preset != null;
    return report.file()
        + " does not record D and norm of its neurons, and "
        + CONFIG
        + " has "
        + has
        + (asPublished ? "" : "; the published code trains with max_spikes and norm " + published)
        + ". If they are right, \"preset\": \""
        + (preset == null ? "own" : preset)
        + "\" in "
        + folder.resolve(CONFIG)
        + " says so";
  }

  /** Reads a folder's configuration. */
  public static ModelConfig config(Path folder) throws IOException {
    return ModelConfig.read(file(folder, CONFIG));
  }

  /**
   * The weights file of a folder.
   *
   * @throws IOException as {@link WeightsFolder#find} says
   */
  public static Path weights(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder, "no such model folder");
    }
    return WeightsFolder.find(folder);
  }

  /**
   * The files that make a folder a model: its descriptions, and the weights with their parts.
   *
   * @throws IOException naming the one that is missing
   */
  public static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : List.of(CONFIG, "classes.json", "preprocess.json")) {
      files.add(file(folder, name));
    }
    files.addAll(WeightsFolder.files(folder));
    return files;
  }

  /**
   * The classes of a folder.
   *
   * @param config the folder's
   * @throws IOException naming the file if it is missing or wrong, or has another number of classes
   */
  public static ClassTable classes(Path folder, ModelConfig config) throws IOException {
    Path file = file(folder, "classes.json");
    ClassTable classes = ClassTable.read(file);
    int expected = config.head().classes();
    if (classes.size() != expected) {
      throw new FormatException(
          file, "expected " + expected + " classes as model.json, found " + classes.size());
    }
    return classes;
  }

  /** A file that the folder must have. */
  public static Path file(Path folder, String name) throws FormatException {
    Path file = folder.resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder, "no such model folder");
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(folder, "not a model folder: it holds no " + name);
    }
    return file;
  }
}
