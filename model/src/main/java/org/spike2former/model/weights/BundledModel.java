package org.spike2former.model.weights;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.spike2former.data.ClassTable;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.io.Safetensors;

/**
 * A model folder that came with an artifact on the class path or module path. Implementations are
 * found by {@link ServiceLoader}, lie in a package with the folder's files, and have a constructor
 * without parameters. Files are read as streams, so the artifact may be inside another one.
 */
public abstract class BundledModel {
  private final String name;

  /**
   * A model.
   *
   * @param name by which it is asked for
   */
  protected BundledModel(String name) {
    this.name = name;
  }

  /** The name by which it is asked for. */
  public final String name() {
    return name;
  }

  /** Opens a file of the folder; null if there is none. */
  protected abstract InputStream open(String file);

  /**
   * Finds a model by its name, as this class's loader or the thread's sees it.
   *
   * @throws FileNotFoundException with the names of those that are there
   */
  public static BundledModel find(String name) throws FileNotFoundException {
    Map<String, BundledModel> models = new TreeMap<>();
    ClassLoader own = BundledModel.class.getClassLoader();
    ClassLoader threads = Thread.currentThread().getContextClassLoader();
    for (ClassLoader loader : isOfThisLibrary(threads) ? List.of(own, threads) : List.of(own)) {
      ServiceLoader.load(BundledModel.class, loader)
          .forEach(model -> models.putIfAbsent(model.name, model));
    }
    BundledModel found = models.get(name);
    if (found == null) {
      throw new FileNotFoundException(missing(name, models.keySet()));
    }
    return found;
  }

  /** Whether a loader, or null, has this class, and no other of its name, whose models differ. */
  private static boolean isOfThisLibrary(ClassLoader loader) {
    try {
      return Class.forName(BundledModel.class.getName(), false, loader) == BundledModel.class;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private static String missing(String name, Collection<String> there) {
    return "no bundled model "
        + name
        + "; the class path has "
        + (there.isEmpty() ? "none" : String.join(", ", there))
        + "; add the artifact spike2former-model-"
        + name
        + ", or load a folder";
  }

  /**
   * The network with its weights.
   *
   * @throws IOException naming the file that is missing or wrong
   */
  public Network network() throws IOException {
    Network network = Network.of(ModelConfig.of(tree(ModelFolder.CONFIG)));
    String file = "weights.safetensors";
    try (Safetensors archive = Safetensors.of(path(file), content(file))) {
      ModelWeights.load(network.parameters(), archive);
    }
    Initialiser.fill(network.parameters(), 0);
    return network;
  }

  /**
   * Names and colours of the classes.
   *
   * @throws IOException naming the file that is missing or wrong
   */
  public ClassTable classes() throws IOException {
    return ClassTable.of(tree("classes.json"));
  }

  /**
   * How images become the network's input.
   *
   * @throws IOException naming the file that is missing or wrong
   */
  public Preprocessing preprocessing() throws IOException {
    return Preprocessing.of(tree("preprocess.json"));
  }

  private ConfigTree tree(String file) throws IOException {
    return ConfigTree.ofJson(path(file), content(file));
  }

  /** For messages only. */
  private Path path(String file) {
    return Path.of("bundled model " + name, file);
  }

  private byte[] content(String file) throws IOException {
    try (InputStream in = open(file)) {
      if (in == null) {
        throw new FileNotFoundException(path(file) + ": not in the artifact");
      }
      return in.readAllBytes();
    }
  }
}
