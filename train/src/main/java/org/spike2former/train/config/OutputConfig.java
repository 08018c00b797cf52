package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.file.Path;
import org.spike2former.data.config.Ranges;

/** The {@code output} section, which may also be the folder alone. */
public record OutputConfig(
    @JsonPropertyDescription("folder of the run") @JsonProperty(required = true) Path folder,
    @JsonPropertyDescription("whether to write event files for TensorBoard, beside log.jsonl")
        Boolean tensorboard) {
  /** Fills in the default. */
  public OutputConfig {
    tensorboard = tensorboard != null && tensorboard;
    Ranges.check(OutputConfig.class, folder, tensorboard);
  }
}
