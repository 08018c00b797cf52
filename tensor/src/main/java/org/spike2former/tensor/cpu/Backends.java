package org.spike2former.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Derivatives;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.GradientKernelsF64;
import org.spike2former.tensor.cpu.kernels.KernelsF32;
import org.spike2former.tensor.cpu.kernels.KernelsF64;
import org.spike2former.tensor.cpu.kernels.ScalarGradientKernelsF32;
import org.spike2former.tensor.cpu.kernels.ScalarGradientKernelsF64;
import org.spike2former.tensor.cpu.kernels.ScalarKernelsF32;
import org.spike2former.tensor.cpu.kernels.ScalarKernelsF64;
import org.spike2former.tensor.cpu.vector.VectorKernelsF32;
import org.spike2former.tensor.cpu.vector.VectorKernelsF64;
import org.spike2former.tensor.cpu.vector.VectorWidth;
import org.spike2former.tensor.cpu.vector.gradient.VectorGradientKernelsF32;
import org.spike2former.tensor.cpu.vector.gradient.VectorGradientKernelsF64;
import org.spike2former.tensor.layer.WeightType;

/**
 * The one place that chooses between the CPU implementations. They give the same bits, so the
 * choice is about speed alone.
 */
public final class Backends {
  /** Multiply-adds that scalar kernels do in a cold start, while vector kernels are compiled. */
  public static final long FIRST_WORK = 3_000_000_000L;

  /** System property that takes the place of {@code auto}: scalar or vector. */
  public static final String PROPERTY = "s2f.backend";

  /** System property with the vector width in bits in place of the machine's preferred one. */
  public static final String VECTOR_BITS = "s2f.vector.bits";

  private static final String MODULE = "jdk.incubator.vector";
  private static final Logger LOG = LoggerFactory.getLogger(Backends.class);
  private static final AtomicBoolean warned = new AtomicBoolean();

  private Backends() {}

  /**
   * Operations on the CPU.
   *
   * @param precision what to compute in
   * @throws IllegalArgumentException for another type or vector width, or if the system property
   *     {@value #PROPERTY} names no backend
   * @throws IllegalStateException for {@code vector} without the Vector API
   */
  public static Ops create(Backend backend, Precision precision, Workers workers) {
    return create(backend, precision, WeightType.FLOAT, workers);
  }

  /**
   * As {@link #create(Backend, Precision, Workers)}, with weights of that type.
   *
   * @throws IllegalArgumentException also for 8-bit weights in another type than {@link
   *     Precision#F32}
   */
  public static Ops create(
      Backend backend, Precision precision, WeightType weights, Workers workers) {
    return create(backend, precision, weights, workers, false);
  }

  /**
   * As {@link #create(Backend, Precision, WeightType, Workers)}, for a process that may end after a
   * single image: {@code auto} computes with scalar kernels for the first moments, unless a vector
   * width is asked for.
   */
  public static Ops createForColdStart(
      Backend backend, Precision precision, WeightType weights, Workers workers) {
    boolean free = asked(backend) == Backend.AUTO && requestedVectorBits() == 0;
    return create(backend, precision, weights, workers, free);
  }

  /**
   * Operations for training on the CPU, with their derivatives.
   *
   * @param backend as {@link #create(Backend, Precision, Workers)}
   */
  public static TapeOps createForTraining(Backend backend, Precision precision, Workers workers) {
    boolean vector = isVector(backend);
    PooledBuffers buffers = new PooledBuffers();
    TapeOps ops =
        precision == Precision.F32
            ? training32(vector, workers, buffers)
            : training64(vector, workers, buffers);
    LOG.debug("training with {}", ops.describe());
    return ops;
  }

  /**
   * Derivatives alone, without a tape.
   *
   * @param backend as {@link #create(Backend, Precision, Workers)}
   */
  public static Derivatives createDerivatives(
      Backend backend, Precision precision, Workers workers) {
    boolean vector = isVector(backend);
    PooledBuffers buffers = new PooledBuffers();
    return precision == Precision.F32
        ? derivatives32(f32(vector, false), vector, workers, buffers)
        : derivatives64(f64(vector, false), vector, workers, buffers);
  }

  private static TapeOps training32(boolean vector, Workers workers, PooledBuffers buffers) {
    StagedKernelsF32 kernels = f32(vector, false);
    return new TapeOps(
        new CpuOpsF32(kernels, workers, buffers), derivatives32(kernels, vector, workers, buffers));
  }

  private static Derivatives derivatives32(
      StagedKernelsF32 kernels, boolean vector, Workers workers, PooledBuffers buffers) {
    GradientKernelsF32 gradients =
        vector ? new VectorGradientKernelsF32() : new ScalarGradientKernelsF32();
    return new CpuDerivativesF32(kernels, gradients, workers, buffers);
  }

  private static TapeOps training64(boolean vector, Workers workers, PooledBuffers buffers) {
    StagedKernelsF64 kernels = f64(vector, false);
    return new TapeOps(
        new CpuOpsF64(kernels, workers, buffers), derivatives64(kernels, vector, workers, buffers));
  }

  private static Derivatives derivatives64(
      StagedKernelsF64 kernels, boolean vector, Workers workers, PooledBuffers buffers) {
    GradientKernelsF64 gradients =
        vector ? new VectorGradientKernelsF64() : new ScalarGradientKernelsF64();
    return new CpuDerivativesF64(kernels, gradients, workers, buffers);
  }

  private static Ops create(
      Backend backend,
      Precision precision,
      WeightType weights,
      Workers workers,
      boolean scalarFirst) {
    boolean int8 = weights == WeightType.INT8;
    if (int8 && precision != Precision.F32) {
      throw new IllegalArgumentException("int8 weights need precision f32, found f64");
    }
    boolean vector = isVector(backend);
    Ops ops;
    if (precision == Precision.F64) {
      ops = new CpuOpsF64(f64(vector, scalarFirst), workers);
    } else {
      StagedKernelsF32 kernels = f32(vector, scalarFirst);
      ops = int8 ? new Int8Ops(kernels, workers) : new CpuOpsF32(kernels, workers);
    }
    LOG.debug("computing with {}", ops.describe());
    return ops;
  }

  /**
   * Vector width in bits that {@code vector} computes with here; 0 without the Vector API.
   *
   * @throws IllegalArgumentException if the system property {@value #VECTOR_BITS} is not 128, 256
   *     or 512
   */
  public static int vectorBits() {
    requestedVectorBits();
    return hasVectorApi() ? VectorWidth.BITS : 0;
  }

  /** The width that the system property asks for; 0 without it. */
  public static int requestedVectorBits() {
    String bits = System.getProperty(VECTOR_BITS, "0");
    return switch (bits) {
      case "0", "128", "256", "512" -> Integer.parseInt(bits);
      default ->
          throw new IllegalArgumentException(
              "system property " + VECTOR_BITS + ": expected 128, 256 or 512, found " + bits);
    };
  }

  private static StagedKernelsF32 f32(boolean vector, boolean scalarFirst) {
    KernelsF32 last = vector ? new VectorKernelsF32() : new ScalarKernelsF32();
    return new StagedKernelsF32(scalarFirst ? new ScalarKernelsF32() : last, last);
  }

  private static StagedKernelsF64 f64(boolean vector, boolean scalarFirst) {
    KernelsF64 last = vector ? new VectorKernelsF64() : new ScalarKernelsF64();
    return new StagedKernelsF64(scalarFirst ? new ScalarKernelsF64() : last, last);
  }

  private static Backend asked(Backend backend) {
    return backend == Backend.AUTO
        ? Backend.of(System.getProperty(PROPERTY, "auto"), "system property " + PROPERTY)
        : backend;
  }

  /** Whether that backend means the Vector API here. */
  public static boolean isVector(Backend backend) {
    Backend asked = asked(backend);
    String source = asked == backend ? "asked for" : "system property " + PROPERTY;
    return switch (asked) {
      case SCALAR -> {
        LOG.debug("scalar kernels: {}", source);
        yield false;
      }
      case VECTOR -> {
        if (!hasVectorApi()) {
          throw new IllegalStateException(
              "backend vector needs the Vector API: start Java with --add-modules " + MODULE);
        }
        LOG.debug("vector kernels of {} bits: {}", vectorBits(), source);
        yield true;
      }
      case AUTO -> {
        if (hasVectorApi()) {
          LOG.debug("vector kernels of {} bits: the Vector API is there", vectorBits());
        } else {
          warnOfScalar();
        }
        yield hasVectorApi();
      }
    };
  }

  /** Once, and whether or not a logging library is there: it is many times slower. */
  private static void warnOfScalar() {
    if (!warned.getAndSet(true)) {
      System.getLogger(Backends.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the Vector API is not there, so scalar kernels compute the same bits many times"
                  + " more slowly; start Java with --add-modules "
                  + MODULE);
    }
  }

  static boolean hasVectorApi() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }
}
