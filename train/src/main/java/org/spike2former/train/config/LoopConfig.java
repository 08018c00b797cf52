package org.spike2former.train.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.spike2former.tensor.DType;

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
    Integer iterations,
    Integer batch,
    Integer accumulate,
    Long seed,
    List<String> freezeNorms,
    Double ema,
    String precision,
    Integer threads,
    Integer checkpointEvery,
    Integer evalEvery,
    String evalSplit,
    Integer logEvery,
    Integer keep) {
  private static final int LIMIT = 100_000_000;

  /** Fills in the defaults and checks the values. */
  public LoopConfig {
    iterations = required("iterations", iterations, 1, LIMIT);
    batch = required("batch", batch, 1, 4096);
    accumulate = checked("accumulate", accumulate, 1, 1, 65536);
    seed = seed == null ? 0 : seed;
    freezeNorms = freezeNorms == null ? List.of() : List.copyOf(freezeNorms);
    ema = ema == null ? 0 : ema;
    precision = precision == null ? "f32" : precision.toLowerCase(Locale.ROOT);
    threads = checked("threads", threads, Runtime.getRuntime().availableProcessors(), 1, 1024);
    checkpointEvery = checked("checkpoint_every", checkpointEvery, 500, 1, LIMIT);
    evalEvery = checked("eval_every", evalEvery, 0, 0, LIMIT);
    evalSplit = evalSplit == null ? "val" : evalSplit;
    logEvery = checked("log_every", logEvery, 50, 1, LIMIT);
    keep = checked("keep", keep, 2, 2, 1000);
    check(ema >= 0 && ema < 1, "ema", "a number from 0 to below 1", ema);
    check(precision.matches("f32|f64"), "precision", "f32 or f64", precision);
    for (String pattern : freezeNorms) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "train.freeze_norms: " + pattern + ": " + e.getDescription(), e);
      }
    }
  }

  private static int required(String key, Integer value, int least, int most) {
    if (value == null) {
      throw new IllegalArgumentException("train." + key + ": missing");
    }
    return checked(key, value, value, least, most);
  }

  private static int checked(String key, Integer value, int byDefault, int least, int most) {
    int used = value == null ? byDefault : value;
    check(used >= least && used <= most, key, "an integer from " + least + " to " + most, used);
    return used;
  }

  private static void check(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "train." + key + ": expected " + expected + ", found " + found);
    }
  }

  /** The type to compute in. */
  public DType realType() {
    return precision.equals("f64") ? DType.F64 : DType.F32;
  }

  /** Whether a BatchNorm of this path is frozen. */
  public boolean isFrozen(String norm) {
    return freezeNorms.stream().anyMatch(pattern -> Pattern.compile(pattern).matcher(norm).find());
  }
}
