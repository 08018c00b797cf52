package org.spike2former.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.spike2former.model.ParameterSet;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/** Loads a file of weights that must fit a network exactly. */
final class Weights {
  private Weights() {}

  /**
   * Sets every parameter.
   *
   * @throws FormatException naming the first parameter that is missing or has another shape
   */
  static void load(ParameterSet parameters, Path file) throws IOException {
    try (TensorArchive archive = TensorFiles.open(file)) {
      Set<String> names = Set.copyOf(archive.names());
      for (Parameter parameter : parameters.all()) {
        String name = parameter.name();
        if (!names.contains(name)) {
          throw new FormatException(file, "has no tensor " + name);
        }
        if (!Arrays.equals(parameter.shape(), archive.shape(name))) {
          throw new FormatException(
              file,
              name
                  + ": expected shape "
                  + Shape.toString(parameter.shape())
                  + ", found "
                  + Shape.toString(archive.shape(name)));
        }
        parameter.set(archive.read(name));
      }
    }
  }
}
