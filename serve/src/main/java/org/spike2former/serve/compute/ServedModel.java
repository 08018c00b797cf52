package org.spike2former.serve.compute;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.Network;
import org.spike2former.model.report.CostTable;
import org.spike2former.model.report.CostTable.LayerCosts;
import org.spike2former.model.weights.ModelFolder;

/** A model folder in memory, shared by all that compute with it. */
public final class ServedModel {
  /** Sizes of inputs whose costs are kept, those asked for last. */
  private static final int SIZES = 32;

  private record Size(int height, int width) {}

  private final String name;
  private final Network network;
  private final Preprocessing preprocessing;
  private final ClassTable classes;
  private final LinkedHashMap<Size, List<LayerCosts>> costs =
      new LinkedHashMap<>(SIZES, 0.75f, true);

  private ServedModel(
      String name, Network network, Preprocessing preprocessing, ClassTable classes) {
    this.name = name;
    this.network = network;
    this.preprocessing = preprocessing;
    this.classes = classes;
  }

  /**
   * Reads a folder.
   *
   * @throws IOException naming the file that is missing or wrong
   */
  public static ServedModel load(Path folder) throws IOException {
    Network network = ModelFolder.load(folder, null, false);
    Preprocessing preprocessing = Preprocessing.read(ModelFolder.file(folder, "preprocess.json"));
    if (preprocessing.framed()) {
      throw new IOException(
          folder + ": takes event frames, and the service photos; use s2f segment");
    }
    ClassTable classes = ModelFolder.classes(folder, network.config());
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new ServedModel(name, network, preprocessing, classes);
  }

  /** The folder's name. */
  public String name() {
    return name;
  }

  /** The network with its weights. */
  public Network network() {
    return network;
  }

  /** How an image becomes its input. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Names and colours. */
  public ClassTable classes() {
    return classes;
  }

  /** What it can tell apart: without queries, or things among its classes, no things. */
  public Set<Task> tasks() {
    return network.config().tasks(classes);
  }

  /**
   * What the layers cost as inference runs them.
   *
   * @param height of the network's input
   * @param width of the network's input
   */
  public List<LayerCosts> costs(int height, int width) {
    synchronized (costs) {
      List<LayerCosts> found =
          costs.computeIfAbsent(
              new Size(height, width),
              size -> CostTable.layers(network.config(), size.height, size.width, false));
      if (costs.size() > SIZES) {
        costs.pollFirstEntry();
      }
      return found;
    }
  }
}
