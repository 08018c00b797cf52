package org.spike2former.verify.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import org.spike2former.tensor.Shape;

/**
 * One tensor's comparison.
 *
 * @param name path of the block or neuron layer, or name of a parameter
 * @param kind what it is
 * @param elements number of elements
 * @param maxAbsError greatest absolute error; of spikes, in k; NaN for numbers that are not finite
 * @param maxRelError the same relative to the expected tensor's largest magnitude; 0 for spikes
 * @param worst coordinates of the greatest error, or of the first differing spike, in PyTorch's
 *     layout; empty if there is no error to place
 * @param flipped spikes that differ
 * @param nearTies how many of them are {@linkplain Flip#isNearTie near ties}
 * @param pass whether it is as it should be
 * @param note why not, in words; may be empty
 * @param details how its errors are spread; null unless asked for, and for equal tensors
 */
public record TensorComparison(
    String name,
    ComparisonKind kind,
    long elements,
    double maxAbsError,
    double maxRelError,
    List<Integer> worst,
    long flipped,
    long nearTies,
    boolean pass,
    String note,
    @JsonInclude(JsonInclude.Include.NON_NULL) ErrorDetails details) {

  /** Copies the coordinates. */
  public TensorComparison {
    worst = List.copyOf(worst);
  }

  /** Without details. */
  public TensorComparison(
      String name,
      ComparisonKind kind,
      long elements,
      double maxAbsError,
      double maxRelError,
      List<Integer> worst,
      long flipped,
      long nearTies,
      boolean pass,
      String note) {
    this(
        name, kind, elements, maxAbsError, maxRelError, worst, flipped, nearTies, pass, note, null);
  }

  /** The same with a note. */
  public TensorComparison withNote(String text) {
    return new TensorComparison(
        name,
        kind,
        elements,
        maxAbsError,
        maxRelError,
        worst,
        flipped,
        nearTies,
        pass,
        text,
        details);
  }

  /** The same with details. */
  public TensorComparison with(ErrorDetails details) {
    return new TensorComparison(
        name,
        kind,
        elements,
        maxAbsError,
        maxRelError,
        worst,
        flipped,
        nearTies,
        pass,
        note,
        details);
  }

  /** Spikes compared: the elements of a row of spikes. */
  @JsonProperty
  public long spikesCompared() {
    return kind == ComparisonKind.SPIKES ? elements : 0;
  }

  /** A tensor that could not be compared. */
  public static TensorComparison failed(
      String name, ComparisonKind kind, long elements, String note) {
    return new TensorComparison(name, kind, elements, 0, 0, List.of(), 0, 0, false, note);
  }

  /** A tensor that is equal bit for bit. */
  public static TensorComparison equal(String name, ComparisonKind kind, long elements) {
    return new TensorComparison(name, kind, elements, 0, 0, List.of(), 0, 0, true, "");
  }

  /** Real numbers that should differ by no more than the tolerance. */
  public static TensorComparison real(
      String name, ComparisonKind kind, Difference difference, double tolerance, int... shape) {
    boolean pass = difference.within(tolerance);
    String note = Double.isNaN(difference.maxAbs()) ? "NaN or infinite" : "";
    if (!pass && difference.maxAbs() == 0) {
      note = "zeros of other sign";
    }
    return new TensorComparison(
        name,
        kind,
        Shape.size(shape),
        difference.maxAbs(),
        difference.maxRel(),
        list(Difference.coordinates(difference.worst(), shape)),
        0,
        0,
        pass,
        note);
  }

  /** Real numbers that are all but zero and may differ by no more than {@code limit}. */
  public static TensorComparison small(
      String name, ComparisonKind kind, Difference difference, double limit, int... shape) {
    boolean pass = difference.maxAbs() <= limit;
    return new TensorComparison(
        name,
        kind,
        Shape.size(shape),
        difference.maxAbs(),
        0,
        list(Difference.coordinates(difference.worst(), shape)),
        0,
        0,
        pass,
        pass ? "" : "expected within " + limit);
  }

  /** Numbers that should be equal, NaN being equal to NaN. */
  public static TensorComparison exact(
      String name, ComparisonKind kind, double[] expected, double[] found) {
    if (expected.length != found.length) {
      String note = "expected " + expected.length + " numbers, found " + found.length;
      return failed(name, kind, expected.length, note);
    }
    for (int i = 0; i < expected.length; i++) {
      if (Double.compare(expected[i], found[i]) != 0) {
        String note = "expected " + expected[i] + ", found " + found[i];
        double error = Math.abs(expected[i] - found[i]);
        return new TensorComparison(
            name, kind, expected.length, error, 0, List.of(i), 0, 0, false, note);
      }
    }
    return equal(name, kind, expected.length);
  }

  static List<Integer> list(int... coordinates) {
    return Arrays.stream(coordinates).boxed().toList();
  }
}
