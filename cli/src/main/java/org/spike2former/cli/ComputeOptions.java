package org.spike2former.cli;

import org.spike2former.model.InferenceMode;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.DType;
import picocli.CommandLine.Option;

/** The options that say how to compute; results do not depend on them but for the precision. */
final class ComputeOptions {
  /** Names of the backends. */
  enum Backend {
    AUTO,
    VECTOR,
    SCALAR
  }

  @Option(
      names = "--backend",
      paramLabel = "scalar|vector|auto",
      description = "Kernels (default: auto, the fastest).",
      defaultValue = "auto")
  private Backend backend;

  @Option(
      names = "--vector-bits",
      paramLabel = "128|256|512",
      description = "Width of vectors (default: the machine's).")
  private Integer vectorBits;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Number of threads (default: all processors).")
  private Integer threads;

  /** The backend's name. */
  String backend() {
    return backend.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Number of threads. */
  int threads() {
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (count < 1 || count > 1024) {
      throw new IllegalArgumentException("--threads must be 1 to 1024, found " + count);
    }
    return count;
  }

  /** Tells the kernels the width; before the first of them is used. */
  void apply() {
    if (vectorBits != null) {
      if (vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
        throw new IllegalArgumentException(
            "--vector-bits must be 128, 256 or 512, found " + vectorBits);
      }
      System.setProperty("s2f.vector.bits", vectorBits.toString());
    }
  }

  /** Options for a segmenter of this precision. */
  SegmenterOptions segmenter(DType precision, boolean allowMissing) {
    return segmenter(precision, allowMissing, InferenceMode.PLAIN);
  }

  /** Options for a segmenter of this precision and mode. */
  SegmenterOptions segmenter(DType precision, boolean allowMissing, InferenceMode mode) {
    apply();
    return new SegmenterOptions(backend(), precision, threads(), allowMissing, mode);
  }
}
