package org.spike2former.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.data.loader.ImagePass;

/** A command that does the same to many images, so that machines can share them. */
public interface ImageCommand {
  /** The folder of the model that it runs. */
  Path model();

  /** The folder that every machine writes to; null if none does. */
  Path output();

  /**
   * The work, as this machine does its share of it.
   *
   * @param folder the model, whatever the command's own words say
   * @param processors that may be used where the command's words do not say
   * @throws IOException if it cannot be done, naming the file that is missing or wrong
   */
  ImagePass<?, ?> pass(Path folder, int processors) throws IOException;
}
