package org.spike2former.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.spike2former.tensor.cpu.Backends;

/**
 * The vector width of this process: the machine's preferred one, or the system property {@value
 * Backends#VECTOR_BITS}. Kernels are written once against these species; they are constants because
 * the compiler turns vector operations into instructions only then.
 */
public final class VectorWidth {
  public static final int BITS = bits();

  public static final VectorSpecies<Float> F32 = species(float.class, BITS);
  public static final VectorSpecies<Double> F64 = species(double.class, BITS);

  /** As {@link #F32} and {@link #F64}, but of 8 lanes at most. */
  public static final VectorSpecies<Float> NARROW_F32 = species(float.class, Math.min(256, BITS));

  public static final VectorSpecies<Double> NARROW_F64 = F64;

  /**
   * Bytes for one vector of reals, or for several where a vector has fewer than 8 lanes: there is
   * no shape below 64 bits.
   */
  static final VectorSpecies<Byte> BYTES_F32 = species(byte.class, Math.max(64, BITS / 4));

  static final VectorSpecies<Byte> BYTES_F64 = species(byte.class, Math.max(64, BITS / 8));

  /**
   * Vectors side by side in a tile of a matrix product: as many as the registers hold with its rows
   * (32 registers with AVX-512 and on ARM, 16 with AVX2).
   */
  static final int TILE_VECTORS =
      BITS == 512 || "aarch64".equals(System.getProperty("os.arch")) ? 4 : 2;

  private VectorWidth() {}

  private static <E> VectorSpecies<E> species(Class<E> type, int bits) {
    return VectorSpecies.of(type, VectorShape.forBitSize(bits));
  }

  private static int bits() {
    int requested = Backends.requestedVectorBits();
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return requested != 0 ? requested : Math.clamp(preferred, 128, 512);
  }
}
