package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.regex.Pattern;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.tensor.Precision;

/** How a run goes. */
public record LoopConfig(
    @JsonPropertyDescription("optimiser steps")
        @JsonProperty(required = true)
        @Range(min = 1, max = LoopConfig.LIMIT)
        Integer iterations,
    @JsonPropertyDescription("images of a batch")
        @JsonProperty(required = true)
        @Range(min = 1, max = 4096)
        Integer batch,
    @JsonPropertyDescription("batches of an optimiser step") @Range(min = 1, max = 65_536)
        Integer accumulate,
    @JsonPropertyDescription("seed of the order of images and of their augmentation") Long seed,
    @JsonPropertyDescription(
            "regular expressions; BatchNorms of these paths keep their running statistics")
        List<String> freezeNorms,
    @JsonPropertyDescription(
            "decay of an average of the weights, which evaluation and export use; 0: none")
        @Range(min = 0, max = 1, belowMax = true)
        Double ema,
    @JsonPropertyDescription("f32 or f64") Precision precision,
    @JsonPropertyDescription("absent: all processors; results do not depend on it")
        @Range(min = 1, max = 1024)
        Integer threads,
    @JsonPropertyDescription("steps between checkpoints") @Range(min = 1, max = LoopConfig.LIMIT)
        Integer checkpointEvery,
    @JsonPropertyDescription("steps between evaluations; 0: only at the end")
        @Range(min = 0, max = LoopConfig.LIMIT)
        Integer evalEvery,
    @JsonPropertyDescription("split of the data set to evaluate on") String evalSplit,
    @JsonPropertyDescription("steps between lines on the console")
        @Range(min = 1, max = LoopConfig.LIMIT)
        Integer logEvery,
    @JsonPropertyDescription("checkpoints that are kept") @Range(min = 2, max = 1000)
        Integer keep) {
  private static final int LIMIT = 100_000_000;

  /** Fills in the defaults and checks the values. */
  public LoopConfig {
    accumulate = accumulate == null ? 1 : accumulate;
    seed = seed == null ? 0 : seed;
    freezeNorms = freezeNorms == null ? List.of() : List.copyOf(freezeNorms);
    ema = ema == null ? 0 : ema;
    precision = precision == null ? Precision.F32 : precision;
    threads = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    checkpointEvery = checkpointEvery == null ? 500 : checkpointEvery;
    evalEvery = evalEvery == null ? 0 : evalEvery;
    evalSplit = evalSplit == null ? "val" : evalSplit;
    logEvery = logEvery == null ? 50 : logEvery;
    keep = keep == null ? 2 : keep;
    Ranges.check(
        LoopConfig.class,
        iterations,
        batch,
        accumulate,
        seed,
        freezeNorms,
        ema,
        precision,
        threads,
        checkpointEvery,
        evalEvery,
        evalSplit,
        logEvery,
        keep);
    for (int i = 0; i < freezeNorms.size(); i++) {
      Ranges.checkPattern("freeze_norms[" + i + "]", freezeNorms.get(i));
    }
  }

  /** Whether a BatchNorm of this path is frozen. */
  public boolean isFrozen(String norm) {
    return freezeNorms.stream().anyMatch(pattern -> Pattern.compile(pattern).matcher(norm).find());
  }

  /** Images of a step. */
  public int imagesPerStep() {
    return batch * accumulate;
  }
}
