package org.spike2former.verify.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.ParityRun;
import org.spike2former.verify.training.GradientParity;

/**
 * How far a network may be from its recordings. Errors are relative to the recorded tensor's
 * largest magnitude; the criterion, steps of training and metrics have limits of their own.
 *
 * @param name name of the profile, which reports give
 * @param f64 greatest error of a block in float64
 * @param f32 greatest error of a block in float32
 * @param nearTie how near to a rounding boundary a potential must be for either spike to be right
 * @param gradientF64 greatest error of a gradient in float64
 * @param gradientF32 greatest error of a gradient in float32
 */
public record Tolerances(
    String name, double f64, double f32, double nearTie, double gradientF64, double gradientF32) {
  /**
   * Little more than rounding alone gives: against PyTorch, forward passes measure up to 1.8e-15
   * and 1.1e-6, gradients up to 8.3e-11 and 6.6e-6. The blocks of networks of full size at 512×512,
   * which sum more numbers, measure 1.5e-6 to 4.1e-6 in float32; the limit is twice the latter.
   */
  public static final Tolerances STRICT = new Tolerances("strict", 2e-14, 8e-6, 1e-6, 1e-9, 3e-5);

  /** What parity means for this project. */
  public static final Tolerances DEFAULT =
      new Tolerances(
          "default",
          ParityRun.F64_TOLERANCE,
          ParityRun.F32_TOLERANCE,
          Flip.NEAR,
          GradientParity.F64_TOLERANCE,
          GradientParity.F32_TOLERANCE);

  /** For implementations that round otherwise, as devices with fast approximations do. */
  public static final Tolerances LOOSE = new Tolerances("loose", 1e-6, 1e-3, 1e-3, 1e-5, 1e-2);

  private static final List<Tolerances> PROFILES = List.of(STRICT, DEFAULT, LOOSE);

  /** Of a limit in a file; at 1 an error is as large as the numbers themselves. */
  private static final double MOST = 1;

  /** The keys of a file; null: as in {@link #DEFAULT}. */
  private record Keys(
      @Range(min = 0, max = MOST) Double f64,
      @Range(min = 0, max = MOST) Double f32,
      @Range(min = 0, max = MOST) Double nearTie,
      @Range(min = 0, max = MOST) Double gradientF64,
      @Range(min = 0, max = MOST) Double gradientF32) {
    private Keys {
      Ranges.check(Keys.class, f64, f32, nearTie, gradientF64, gradientF32);
    }
  }

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException naming one that is not a number of 0 or more
   */
  public Tolerances {
    require(name, "f64", f64);
    require(name, "f32", f32);
    require(name, "near_tie", nearTie);
    require(name, "gradient_f64", gradientF64);
    require(name, "gradient_f32", gradientF32);
  }

  private static void require(String name, String key, double limit) {
    if (!(limit >= 0 && limit < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "tolerances " + name + ": " + key + ": expected a number of 0 or more, found " + limit);
    }
  }

  /**
   * A profile by its name, or of a JSON file with some of the keys {@code f64}, {@code f32}, {@code
   * near_tie}, {@code gradient_f64} and {@code gradient_f32}.
   *
   * @throws IOException naming the file if it is not there or not as it should be
   */
  public static Tolerances of(String nameOrFile) throws IOException {
    for (Tolerances profile : PROFILES) {
      if (profile.name.equals(nameOrFile)) {
        return profile;
      }
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file)) {
      throw new FormatException(file, "neither strict, default or loose nor a JSON file");
    }
    Keys keys = ConfigTree.readJson(file).bind(Keys.class);
    return new Tolerances(
        nameOrFile,
        or(keys.f64, DEFAULT.f64),
        or(keys.f32, DEFAULT.f32),
        or(keys.nearTie, DEFAULT.nearTie),
        or(keys.gradientF64, DEFAULT.gradientF64),
        or(keys.gradientF32, DEFAULT.gradientF32));
  }

  private static double or(Double limit, double otherwise) {
    return limit == null ? otherwise : limit;
  }

  /** Greatest error of a block. */
  public double block(Precision precision) {
    return precision == Precision.F64 ? f64 : f32;
  }

  /** Greatest error of a gradient. */
  public double gradient(Precision precision) {
    return precision == Precision.F64 ? gradientF64 : gradientF32;
  }
}
