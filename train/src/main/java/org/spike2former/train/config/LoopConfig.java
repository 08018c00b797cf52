package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.regex.Pattern;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.tensor.Precision;

/**
 * How a run goes.
 *
 * @param iterations optimiser steps
 * @param batch images of a batch
 * @param accumulate batches of an optimiser step; default 1
 * @param seed of the order of images and of their augmentation; default 0
 * @param freezeNorms regular expressions; a BatchNorm whose path one of them finds normalises with
 *     its running statistics and leaves them alone; default none
 * @param ema decay of an average of the weights, which evaluation and export then use; default 0,
 *     no average
 * @param precision {@code f32} (default) or {@code f64}
 * @param threads default: all processors; results do not depend on it
 * @param checkpointEvery steps between checkpoints; default 500
 * @param evalEvery steps between evaluations; default 0: only at the end
 * @param evalSplit split of the data set to evaluate on; default val
 * @param logEvery steps between lines on the console; default 50
 * @param keep checkpoints that are kept; default 2
 */
public record LoopConfig(
    @JsonProperty(required = true) @Range(min = 1, max = LoopConfig.LIMIT) Integer iterations,
    @JsonProperty(required = true) @Range(min = 1, max = 4096) Integer batch,
    @Range(min = 1, max = 65_536) Integer accumulate,
    Long seed,
    List<String> freezeNorms,
    @Range(min = 0, max = 1, belowMax = true) Double ema,
    Precision precision,
    @Range(min = 1, max = 1024) Integer threads,
    @Range(min = 1, max = LoopConfig.LIMIT) Integer checkpointEvery,
    @Range(min = 0, max = LoopConfig.LIMIT) Integer evalEvery,
    String evalSplit,
    @Range(min = 1, max = LoopConfig.LIMIT) Integer logEvery,
    @Range(min = 2, max = 1000) Integer keep) {
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
}
