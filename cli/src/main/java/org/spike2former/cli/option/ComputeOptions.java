package org.spike2former.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.spike2former.accel.Offload;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Offloads;
import org.spike2former.accel.PlannedRunner;
import org.spike2former.cli.console.Errors;
import org.spike2former.model.Arithmetic;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.model.weights.Fit;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.layer.WeightType;
import picocli.CommandLine.Option;

/** The options that say how to compute; apart from the precision, results do not depend on them. */
public final class ComputeOptions {
  private static final List<String> CPU = List.of("auto", "vector", "scalar");

  @Option(
      names = "--backend",
      paramLabel = "scalar|vector|auto|tornado[:DRIVER:DEVICE]",
      description =
          "Kernels of the CPU (default: auto, the fastest), or a device; s2f devices lists them.",
      defaultValue = "auto")
  private String backend;

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

  private int processors = Runtime.getRuntime().availableProcessors();

  /** The backend's name. */
  public String backend() {
    String name = backend.toLowerCase(Locale.ROOT);
    if (!CPU.contains(name) && !Offloads.isDevice(name)) {
      throw new IllegalArgumentException(
          "--backend must be scalar, vector, auto or tornado[:DRIVER:DEVICE], found " + backend);
    }
    return name;
  }

  /** The backend of the CPU, for what no device does. */
  public Backend cpuBackend() {
    String name = backend();
    if (Offloads.isDevice(name)) {
      throw new IllegalArgumentException(
          "--backend " + name + " is not for this command; take scalar, vector or auto");
    }
    return Backend.of(name);
  }

  /**
   * Opens the device that is asked for; {@code auto} takes an accelerator where TornadoVM is there,
   * and else says why the CPU computes.
   *
   * @return null for the CPU
   */
  public Offload.Session openDevice(Precision precision) {
    if (Offloads.isDevice(backend())) {
      if (precision != Precision.F32) {
        throw new IllegalArgumentException("--backend tornado computes with --precision f32 alone");
      }
      return Offloads.open(backend());
    }
    if (backend().equals("auto") && precision == Precision.F32 && Offloads.isThere()) {
      try {
        return Offloads.openAccelerator();
      } catch (OffloadException e) {
        Errors.print(e.getMessage() + "; the CPU computes");
      }
    }
    return null;
  }

  /** Says how many processors there are for this command; the machine's, where nothing says so. */
  public void useProcessors(int count) {
    processors = count;
  }

  /** Number of threads. */
  public int threads() {
    int count = threads == null ? processors : threads;
    if (count < 1 || count > 1024) {
      throw new IllegalArgumentException("--threads must be 1 to 1024, found " + count);
    }
    return count;
  }

  /** Tells the kernels the width; before the first of them is used. */
  public void apply() {
    if (vectorBits != null) {
      if (vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
        throw new IllegalArgumentException(
            "--vector-bits must be 128, 256 or 512, found " + vectorBits);
      }
      System.setProperty("s2f.vector.bits", vectorBits.toString());
    }
  }

  /** A segmenter of this precision and these weights, on the CPU or a device. */
  public Segmenter load(
      Path folder,
      Precision precision,
      WeightType weights,
      Arithmetic arithmetic,
      boolean allowMissing,
      String weightsKey)
      throws IOException {
    apply();
    if (arithmetic != Arithmetic.PLAIN
        && (weights != WeightType.FLOAT || Offloads.isDevice(backend()))) {
      throw new IllegalArgumentException(
          "--arithmetic integer and spikes are for float weights on the CPU");
    }
    Offload.Session device = arithmetic == Arithmetic.PLAIN ? openDevice(precision) : null;
    Backend cpu = Offloads.isDevice(backend()) ? Backend.AUTO : cpuBackend();
    Segmenter segmenter;
    try {
      segmenter =
          Segmenter.load(
              folder,
              SegmenterOptions.builder()
                  .backend(cpu)
                  .precision(precision)
                  .weights(weights)
                  .arithmetic(arithmetic)
                  .threads(threads())
                  .fit(allowMissing ? Fit.PARTIAL : Fit.EXACT)
                  .weightsKey(weightsKey)
                  .build());
    } catch (IOException | RuntimeException e) {
      if (device != null) {
        device.close();
      }
      throw e;
    }
    if (device != null) {
      Errors.print(
          device.device() + ": the first image compiles its kernels, which may take minutes");
      segmenter.runWith(
          new PlannedRunner(device, segmenter.ops(), weights),
          device.device() + (weights == WeightType.INT8 ? ", int8 weights" : ""));
    }
    return segmenter;
  }
}
