package org.spike2former.cluster.train;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.spike2former.train.config.TrainConfig;

/**
 * What an executor needs to know of a run; images it reads itself.
 *
 * @param run unlike that of any other run
 * @param config YAML with all defaults
 * @param paths overrides of it, for paths that hold whatever folder a process is started in
 * @param images the training images in short, which must be the same everywhere
 */
record TrainOrder(String run, String config, List<String> paths, String images)
    implements Serializable {
  private static final long serialVersionUID = 1;

  static TrainOrder of(TrainConfig config, String images) {
    List<String> paths = new ArrayList<>();
    paths.add(override("data.root", config.data().root()));
    Path classes =
        config.keys().data().classes() == null ? null : config.keys().data().classes().file();
    if (classes != null) {
      paths.add(override("data.classes", classes));
    }
    return new TrainOrder(UUID.randomUUID().toString(), config.print(), List.copyOf(paths), images);
  }

  private static String override(String key, Path path) {
    String quoted = path.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return key + "=\"" + quoted + "\"";
  }
}
