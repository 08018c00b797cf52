package org.spike2former.cli.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;

/**
 * The section {@value #SECTION} of a YAML file.
 *
 * @param master URL of a cluster manager, such as spark://HOST:7077, yarn or local[4]
 * @param conf Spark's settings by their names: texts, numbers or truth values
 * @param imagesPerTask how many images an executor is given at a time; null: by their number
 */
public record ClusterConfig(
    @JsonProperty(required = true) String master,
    Map<String, Object> conf,
    @Range(min = 1, max = 1 << 20) Integer imagesPerTask) {
  /** The section's key. */
  public static final String SECTION = "cluster";

  /** Keeps a copy. */
  public ClusterConfig {
    Ranges.check(ClusterConfig.class, master, conf, imagesPerTask);
    conf = conf == null ? Map.of() : Map.copyOf(conf);
    conf.forEach(
        (key, value) -> {
          if (value instanceof Map || value instanceof Collection) {
            throw new BadValueException("conf", key + ": expected one value");
          }
        });
  }

  /**
   * Reads it; other sections are not looked at.
   *
   * @throws IOException "FILE: line N: KEY: what is wrong"
   */
  public static ClusterConfig read(Path file) throws IOException {
    return ConfigTree.readYaml(file).bind(SECTION, ClusterConfig.class);
  }

  /** Spark's settings as it reads them. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    conf.forEach((key, value) -> settings.put(key, value.toString()));
    return settings;
  }

  /** The same with other settings, which go before those here. */
  public ClusterConfig with(Map<String, String> settings) {
    Map<String, Object> all = new LinkedHashMap<>(conf);
    all.putAll(settings);
    return new ClusterConfig(master, all, imagesPerTask);
  }
}
