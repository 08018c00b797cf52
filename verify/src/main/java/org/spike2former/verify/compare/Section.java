package org.spike2former.verify.compare;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One way of comparing, with a row for each tensor.
 *
 * @param title what was compared with what
 * @param backend description of what computed
 * @param tolerance greatest relative error allowed
 * @param noise greatest relative error that rounding alone gives a correct implementation
 * @param rows a row for each tensor
 * @param flips differing spikes, the first {@value SpikeComparison#MOST_LISTED} of each layer
 */
public record Section(
    String title,
    String backend,
    double tolerance,
    double noise,
    List<TensorComparison> rows,
    List<Flip> flips) {
  /** Copies the lists. */
  public Section {
    rows = List.copyOf(rows);
    flips = List.copyOf(flips);
  }

  /** Where nothing within the tolerance is remarkable. */
  public Section(
      String title,
      String backend,
      double tolerance,
      List<TensorComparison> rows,
      List<Flip> flips) {
    this(title, backend, tolerance, tolerance, rows, flips);
  }

  /** Whether something was compared and every row passed. */
  @JsonProperty
  public boolean pass() {
    return !rows.isEmpty() && rows.stream().allMatch(TensorComparison::pass);
  }

  /** Rows that failed. */
  @JsonProperty
  public long failures() {
    return rows.stream().filter(row -> !row.pass()).count();
  }

  /** Elements of all rows. */
  @JsonProperty
  public long elements() {
    return rows.stream().mapToLong(TensorComparison::elements).sum();
  }

  /** Spikes compared. */
  @JsonProperty
  public long spikesCompared() {
    return rows.stream().mapToLong(TensorComparison::spikesCompared).sum();
  }

  /** Spikes that differ. */
  @JsonProperty
  public long flipped() {
    return rows.stream().mapToLong(TensorComparison::flipped).sum();
  }

  /** Differing spikes that are near ties. */
  @JsonProperty
  public long nearTies() {
    return rows.stream().mapToLong(TensorComparison::nearTies).sum();
  }

  /** Name of the row with the greatest relative error, NaN being the greatest; may be empty. */
  @JsonProperty
  public String worstName() {
    return worst().map(TensorComparison::name).orElse("");
  }

  /** Greatest relative error of all rows; NaN if a number was not finite. */
  @JsonProperty
  public double worstError() {
    return worst().map(TensorComparison::maxRelError).orElse(0.0);
  }

  /** The first row that failed, or whose error is more than rounding; null if there is none. */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public FirstDifference firstDifference() {
    String previous = "";
    for (TensorComparison row : rows) {
      if (!row.pass() || row.flipped() > 0 || row.maxRelError() > noise) {
        return new FirstDifference(title, row, noise, previous);
      }
      previous = row.name();
    }
    return null;
  }

  private Optional<TensorComparison> worst() {
    return rows.stream()
        .filter(row -> row.kind() != ComparisonKind.SPIKES)
        .max(Comparator.comparingDouble(TensorComparison::maxRelError));
  }

  @Override
  public String toString() {
    return title + ", " + backend + ": " + rows.size() + " rows, " + failures() + " failed";
  }
}
