package org.spike2former.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.spike2former.cli.option.Home;
import org.spike2former.data.ConfigNode;
import org.spike2former.snn.energy.EnergyCosts;

/** A file with the energy of operations, such as {@code configs/energy/45nm.json}. */
public final class CostFile {
  private static final double MIN_PJ = 1e-9;
  private static final double MAX_PJ = 1e9;

  private CostFile() {}

  /** The paper's numbers. */
  public static Path standard() {
    return Home.path().resolve("configs/energy/45nm.json");
  }

  /**
   * Reads {@code {"name": …, "mac_pj": …, "ac_pj": …, "source": …}}.
   *
   * @throws IOException naming the file and the key that is missing, unknown or out of range
   */
  public static EnergyCosts read(Path file) throws IOException {
    ConfigNode node = ConfigNode.readJson(file, Set.of("name", "mac_pj", "ac_pj", "source"));
    return new EnergyCosts(
        node.string("name"),
        node.number("mac_pj", MIN_PJ, MAX_PJ),
        node.number("ac_pj", MIN_PJ, MAX_PJ),
        node.string("source"));
  }
}
