package org.spike2former.verify.compare;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.Frequency;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.spike2former.tensor.Tensor;

/**
 * How the errors of one tensor are spread. Errors are relative to the recorded tensor's largest
 * magnitude; those of spikes are counted in k.
 *
 * @param sampled errors that percentiles and histogram are based on: all of them, or every n-th of
 *     more than {@value #MOST_SAMPLED}
 * @param percentiles at {@link #PERCENTS}; empty for spikes
 * @param zeros sampled elements without error
 * @param histogram the other sampled elements by powers of ten; empty for spikes
 * @param worst the greatest errors, the greatest first
 * @param map where spikes differ; null for real numbers
 */
public record ErrorDetails(
    int sampled,
    List<Double> percentiles,
    long zeros,
    List<Bin> histogram,
    List<Element> worst,
    @JsonIgnore FlipMap map) {
  /** Where percentiles are taken. */
  public static final List<Integer> PERCENTS = List.of(50, 90, 99, 100);

  static final int MOST_SAMPLED = 1_000_000;
  private static final int WORST = 5;

  /**
   * Errors of one power of ten.
   *
   * @param exponent errors are at least 10^exponent and less than ten times that
   */
  public record Bin(int exponent, long count) {}

  /**
   * One element.
   *
   * @param at coordinates in PyTorch's layout
   */
  public record Element(List<Integer> at, double recorded, double computed) {}

  /** Copies the lists. */
  public ErrorDetails {
    percentiles = List.copyOf(percentiles);
    histogram = List.copyOf(histogram);
    worst = List.copyOf(worst);
  }

  /** Of real numbers in one layout. */
  public static ErrorDetails of(Tensor recorded, Tensor computed) {
    double magnitude = Difference.largest(recorded);
    int step = (recorded.size() - 1) / MOST_SAMPLED + 1;
    double[] errors = new double[(recorded.size() - 1) / step + 1];
    Frequency exponents = new Frequency();
    int zeros = 0;
    int finite = 0;
    for (int i = 0; i < recorded.size(); i += step) {
      double error = error(recorded, computed, i);
      double relative = error == 0 ? 0 : error / magnitude;
      if (Double.isFinite(relative)) {
        errors[finite++] = relative;
        if (relative == 0) {
          zeros++;
        } else {
          exponents.addValue((int) Math.floor(Math.log10(relative)));
        }
      }
    }
    return new ErrorDetails(
        finite,
        percentiles(Arrays.copyOf(errors, finite)),
        zeros,
        bins(exponents),
        worst(recorded, computed),
        null);
  }

  /**
   * Of spikes.
   *
   * @param recordedHere recorded spikes in the network's layout, from which the map is drawn
   * @param computedHere computed spikes likewise
   * @param recorded the recorded spikes in PyTorch's layout
   * @param computed the computed spikes likewise
   */
  static ErrorDetails ofSpikes(
      Tensor recordedHere, Tensor computedHere, Tensor recorded, Tensor computed) {
    FlipMap map = FlipMap.of(recordedHere, computedHere);
    return new ErrorDetails(0, List.of(), 0, List.of(), worst(recorded, computed), map);
  }

  private static double error(Tensor recorded, Tensor computed, int i) {
    boolean spikes = !recorded.dtype().isReal();
    return spikes
        ? Math.abs(recorded.bytes()[i] - computed.bytes()[i])
        : Math.abs(recorded.get(i) - computed.get(i));
  }

  private static List<Double> percentiles(double... errors) {
    List<Double> values = new ArrayList<>();
    if (errors.length > 0) {
      Percentile percentile = new Percentile();
      percentile.setData(errors);
      PERCENTS.forEach(percent -> values.add(percentile.evaluate(percent)));
    }
    return values;
  }

  private static List<Bin> bins(Frequency exponents) {
    List<Bin> bins = new ArrayList<>();
    Iterator<Map.Entry<Comparable<?>, Long>> entries = exponents.entrySetIterator();
    while (entries.hasNext()) {
      Map.Entry<Comparable<?>, Long> entry = entries.next();
      bins.add(new Bin(((Number) entry.getKey()).intValue(), entry.getValue()));
    }
    return bins;
  }

  /** A number that is not finite is worse than any other. */
  private static List<Element> worst(Tensor recorded, Tensor computed) {
    Integer[] found = new Integer[0];
    double least = 0;
    Comparator<Integer> greatestFirst =
        Comparator.comparingDouble(i -> -rank(error(recorded, computed, i)));
    for (int i = 0; i < recorded.size(); i++) {
      if (rank(error(recorded, computed, i)) > least) {
        found = Arrays.copyOf(found, found.length + 1);
        found[found.length - 1] = i;
        Arrays.sort(found, greatestFirst);
        if (found.length > WORST) {
          found = Arrays.copyOf(found, WORST);
        }
        least = found.length < WORST ? 0 : rank(error(recorded, computed, found[WORST - 1]));
      }
    }
    return Arrays.stream(found).map(i -> element(recorded, computed, i)).toList();
  }

  private static double rank(double error) {
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private static Element element(Tensor recorded, Tensor computed, int i) {
    List<Integer> at = TensorComparison.list(Difference.coordinates(i, recorded.shape()));
    boolean spikes = !recorded.dtype().isReal();
    return spikes
        ? new Element(at, recorded.bytes()[i], computed.bytes()[i])
        : new Element(at, recorded.get(i), computed.get(i));
  }
}
