package org.spike2former.cluster.hadoop;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.spike2former.cli.option.RemoteFiles;

/** Makes paths of URIs; a service. */
public final class HadoopFiles implements RemoteFiles {
  private static final Map<String, HadoopFileSystem> SYSTEMS = new ConcurrentHashMap<>();

  @Override
  public Path path(String scheme, String authority, String file) {
    return SYSTEMS
        .computeIfAbsent(scheme + "://" + authority, _ -> new HadoopFileSystem(scheme, authority))
        .getPath(file);
  }
}
