package org.spike2former.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.cli.option.Home;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.snn.energy.EnergyCosts;

/** A file with the energy of operations, such as {@code configs/energy/45nm.json}. */
public final class CostFile {
  private static final double MIN_PJ = 1e-9;
  private static final double MAX_PJ = 1e9;

  private record Keys(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) @Range(min = MIN_PJ, max = MAX_PJ) double macPj,
      @JsonProperty(required = true) @Range(min = MIN_PJ, max = MAX_PJ) double acPj,
      @JsonProperty(required = true) String source) {
    private Keys {
      Ranges.check(Keys.class, name, macPj, acPj, source);
    }
  }

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
    Keys keys = ConfigTree.readJson(file).bind(Keys.class);
    return new EnergyCosts(keys.name(), keys.macPj(), keys.acPj(), keys.source());
  }
}
