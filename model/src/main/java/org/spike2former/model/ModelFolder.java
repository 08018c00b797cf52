package org.spike2former.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.WeightsFolder;

/** A model folder: {@code model.json} and the weights beside it. */
public final class ModelFolder {
  /** The configuration's file name. */
  public static final String CONFIG = "model.json";

  private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);

  private ModelFolder() {}

  /**
   * Reads a folder's network with its weights.
   *
   * @param allowMissing see {@link ModelWeights#load}; parameters that the file lacks get {@link
   *     Initialiser} values
   * @throws IOException naming the file that is missing or wrong
   */
  public static Spike2Former load(Path folder, boolean allowMissing) throws IOException {
    Spike2Former network = new Spike2Former(config(folder));
    Path weights = weights(folder);
    WeightsReport report = ModelWeights.load(network.parameters(), weights, allowMissing);
    if (!report.isExact()) {
      LOG.warn(
          "{}: {} names are missing and get random values, {} are unexpected",
          weights,
          report.missing().size(),
          report.unexpected().size());
    }
    Initialiser.fill(network.parameters(), 0);
    return network;
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

  /** A file that the folder must have. */
  static Path file(Path folder, String name) throws FormatException {
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
