package org.spike2former.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.spike2former.data.ClassTable;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.loader.OnBadImage;
import picocli.CommandLine.Option;

/** The options that say where a data set lies and what becomes of its bad files. */
public final class DataOptions {
  /** The split that commands look at where none is named. */
  public static final String SPLIT = "test";

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "The data set's folder (default: as the configuration says).")
  private Path root;

  @Option(
      names = "--on-bad-image",
      paramLabel = "skip|fail",
      description =
          "For files that cannot be used (default: as the configuration says, else fail).")
  private OnBadImage onBadImage;

  /**
   * Reads a configuration, or describes a folder.
   *
   * @param classes those of a folder or configuration that gives none; may be null
   */
  public DataConfig read(Path source, ClassTable classes) throws IOException {
    if (Files.isDirectory(source)) {
      if (classes == null) {
        throw new IOException(source + ": expected a YAML file that describes the data set");
      }
      return DataConfig.ofFolder(source, classes);
    }
    DataConfig config = load(source, root);
    return config.classes() == null && classes != null ? config.withClasses(classes) : config;
  }

  /**
   * Reads a configuration.
   *
   * @param source a file, or the name of a data set or a training
   * @param root null: as the configuration says
   */
  public static DataConfig load(Path source, Path root) throws IOException {
    Path training = Home.trainings().find(source);
    Path dataset = Home.datasets().find(source);
    Path file =
        dataset != null ? dataset : training != null ? training : Home.datasets().get(source);
    DataConfig config = DataConfig.read(file, Home.configs());
    Path given = root == null ? config.root() : root;
    return config.withRoot(Home.named(given.toString()));
  }

  public OnBadImage onBadImage(DataConfig config) {
    return onBadImage == null ? config.onBadImage() : onBadImage;
  }
}
