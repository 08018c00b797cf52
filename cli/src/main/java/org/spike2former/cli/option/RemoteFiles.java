package org.spike2former.cli.option;

import java.nio.file.Path;

/** Files that a URI names; a service that module cluster provides. */
public interface RemoteFiles {
  /**
   * The path for {@code SCHEME://AUTHORITY/FILE}. Nothing is looked at yet.
   *
   * @param file begins with a slash
   */
  Path path(String scheme, String authority, String file);
}
