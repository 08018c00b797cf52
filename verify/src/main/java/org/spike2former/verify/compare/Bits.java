package org.spike2former.verify.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.spike2former.tensor.Tensor;
import org.spike2former.verify.folder.Layouts;

/** Comparison bit by bit. */
public final class Bits {
  private Bits() {}

  /** A 32-bit digest of the elements' bits. */
  static int digest(Tensor x) {
    return switch (x.dtype()) {
      case F32 -> Arrays.hashCode(x.floats());
      case F64 -> Arrays.hashCode(x.doubles());
      case SPIKES, LABELS -> Arrays.hashCode(x.bytes());
    };
  }

  /**
   * A row for each name that either run observed: it passes if both have the same bits, of spikes
   * in the potential too.
   */
  public static List<TensorComparison> compare(
      Map<String, BitCapture.Observation> expected,
      Map<String, BitCapture.Observation> found,
      Layouts layouts) {
    List<TensorComparison> rows = new ArrayList<>();
    Map<String, BitCapture.Observation> rest = new HashMap<>(found);
    expected.forEach((name, one) -> rows.add(row(name, one, rest.remove(name), layouts)));
    rest.forEach(
        (name, one) ->
            rows.add(
                TensorComparison.failed(
                    name, one.kind(), one.tensor().size(), "only in this run")));
    return rows;
  }

  /** A row for each of the first run's tensors: it passes if the other run has the same bits. */
  public static List<TensorComparison> compare(
      Map<String, Tensor> expected,
      Map<String, Tensor> found,
      Function<String, ComparisonKind> kinds) {
    List<TensorComparison> rows = new ArrayList<>();
    expected.forEach(
        (name, one) -> {
          Tensor other = found.get(name);
          ComparisonKind kind = kinds.apply(name);
          if (other == null) {
            rows.add(TensorComparison.failed(name, kind, one.size(), "not in this run"));
          } else if (one.bitEquals(other)) {
            rows.add(TensorComparison.equal(name, kind, one.size()));
          } else {
            rows.add(
                TensorComparison.real(
                    name, kind, Difference.of(name, one, other), -1, one.shape()));
          }
        });
    return rows;
  }

  private static TensorComparison row(
      String name, BitCapture.Observation expected, BitCapture.Observation found, Layouts layouts) {
    long elements = expected.tensor().size();
    if (found == null) {
      return TensorComparison.failed(name, expected.kind(), elements, "not in this run");
    }
    if (expected.tensor().bitEquals(found.tensor())) {
      boolean same = expected.potential() == found.potential();
      return same
          ? TensorComparison.equal(name, expected.kind(), elements)
          : TensorComparison.failed(
              name, expected.kind(), elements, "same spikes, other bits in the potential");
    }
    if (!Arrays.equals(expected.tensor().shape(), found.tensor().shape())) {
      String note = "expected " + expected.tensor() + ", found " + found.tensor();
      return TensorComparison.failed(name, expected.kind(), elements, note);
    }
    Tensor wanted = layouts.toRecorded(name, expected.tensor());
    Tensor computed = layouts.toRecorded(name, found.tensor());
    if (expected.kind() == ComparisonKind.SPIKES) {
      SpikeComparison comparison = SpikeComparison.of(name, wanted, computed);
      return comparison.flipped() > 0
          ? comparison.row()
          : TensorComparison.failed(name, expected.kind(), elements, "same spikes, other scale");
    }
    Difference difference = Difference.of(name, wanted, computed);
    return TensorComparison.real(name, expected.kind(), difference, -1, wanted.shape());
  }
}
