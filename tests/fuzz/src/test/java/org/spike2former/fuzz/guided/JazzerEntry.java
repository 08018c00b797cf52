package org.spike2former.fuzz.guided;

import java.io.IOException;
import java.nio.file.Files;
import org.spike2former.fuzz.Bounds;
import org.spike2former.fuzz.Target;
import org.spike2former.fuzz.Targets;

/** What Jazzer calls, by these names. */
public final class JazzerEntry {
  private static Bounds bounds;

  private JazzerEntry() {}

  /** Takes the name of a target. */
  public static void fuzzerInitialize(String[] arguments) throws IOException {
    Target target = Targets.named(arguments[0]);
    bounds = new Bounds(target, Files.createTempDirectory("fuzz-" + target.name()));
  }

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    bounds.check(input);
  }
}
