package org.spike2former.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.accel.Roof;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/** A file with what a device can do at most, such as {@code configs/roofs/nvidia-h100-sxm.json}. */
public final class RoofFile {
  private static final double MOST = 1e20;

  private record Keys(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) double floatOperationsPerSecond,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) double integerOperationsPerSecond,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) double bytesPerSecond,
      @JsonProperty(required = true) @Range(min = 1, max = MOST) long lanes,
      @JsonProperty(required = true) String source) {
    private Keys {
      Ranges.check(
          Keys.class,
          name,
          floatOperationsPerSecond,
          integerOperationsPerSecond,
          bytesPerSecond,
          lanes,
          source);
    }
  }

  private RoofFile() {}

  /**
   * Reads a description.
   *
   * @throws IOException naming the file and the key that is missing, unknown or out of range
   */
  public static Roof read(Path file) throws IOException {
    Keys keys = ConfigTree.readJson(file).bind(Keys.class);
    return new Roof(
        keys.name(),
        keys.floatOperationsPerSecond(),
        keys.integerOperationsPerSecond(),
        keys.bytesPerSecond(),
        keys.lanes(),
        keys.source());
  }
}
