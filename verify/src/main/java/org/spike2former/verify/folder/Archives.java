package org.spike2former.verify.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.SpikeComparison;
import org.spike2former.verify.compare.TensorComparison;

/** Compares two files of tensors, whatever their formats. */
public final class Archives {
  /** The image that an input came from; not every folder has it. */
  private static final String OPTIONAL = "input_u8";

  /** A tolerance that only equal bits are within. */
  static final double BITS = -1;

  private final TensorArchive expected;
  private final TensorArchive found;
  private final ComparisonKind kind;
  private final double tolerance;
  private final boolean details;
  private final List<Flip> flips = new ArrayList<>();

  private Archives(
      TensorArchive expected,
      TensorArchive found,
      ComparisonKind kind,
      double tolerance,
      boolean details) {
    this.expected = expected;
    this.found = found;
    this.kind = kind;
    this.tolerance = tolerance;
    this.details = details;
  }

  /**
   * Rows and differing spikes.
   *
   * @param rows a row for each name that either file has
   */
  record Comparison(List<TensorComparison> rows, List<Flip> flips) {}

  /** Two files of weights, bit by bit. */
  public static List<TensorComparison> weights(Path expected, Path found) throws IOException {
    return compare(expected, found, ComparisonKind.WEIGHT, BITS, false).rows();
  }

  /**
   * Two files; a row passes if type and shape are equal and the numbers within the tolerance.
   * Weights may be of another type, as those of another format are, unless bits should be equal.
   */
  static Comparison compare(
      Path expected, Path found, ComparisonKind kind, double tolerance, boolean details)
      throws IOException {
    try (TensorArchive a = TensorFiles.open(expected);
        TensorArchive b = TensorFiles.open(found)) {
      Archives archives = new Archives(a, b, kind, tolerance, details);
      Set<String> names = new LinkedHashSet<>(a.names());
      names.addAll(b.names());
      List<TensorComparison> rows = new ArrayList<>();
      for (String name : names) {
        rows.add(archives.row(name));
      }
      return new Comparison(rows, archives.flips);
    }
  }

  private TensorComparison row(String name) throws IOException {
    for (TensorArchive archive : List.of(expected, found)) {
      if (!archive.names().contains(name)) {
        String note = "not in " + archive.path();
        return name.equals(OPTIONAL)
            ? TensorComparison.equal(name, kind, 0).withNote(note)
            : TensorComparison.failed(name, kind, 0, note);
      }
    }
    Tensor wanted = read(expected, name);
    Tensor there = read(found, name);
    String types = expected.type(name) + Shape.toString(wanted.shape());
    String thereTypes = found.type(name) + Shape.toString(there.shape());
    boolean alike =
        kind == ComparisonKind.WEIGHT && tolerance != BITS
            ? wanted.dtype().isReal()
                && there.dtype().isReal()
                && Arrays.equals(wanted.shape(), there.shape())
            : types.equals(thereTypes);
    if (!alike) {
      String note = "expected " + types + ", found " + thereTypes;
      return TensorComparison.failed(name, kind, wanted.size(), note);
    }
    if (wanted.dtype() == there.dtype() && wanted.bitEquals(there)) {
      return TensorComparison.equal(name, kind, wanted.size());
    }
    if (!wanted.dtype().isReal()) {
      return spikes(name, wanted, there);
    }
    Difference difference = Difference.of(name, wanted, there);
    TensorComparison row = TensorComparison.real(name, kind, difference, tolerance, wanted.shape());
    return details ? row.with(ErrorDetails.of(wanted, there)) : row;
  }

  private static Tensor read(TensorArchive archive, String name) throws IOException {
    return archive.type(name) == ElementType.U8
        ? Tensor.spikes(archive.readBytes(name), 1, archive.shape(name))
        : archive.read(name);
  }

  /** No potential is known, so no near tie either. */
  private TensorComparison spikes(String name, Tensor wanted, Tensor there) {
    SpikeComparison comparison = SpikeComparison.of(name, wanted, there);
    flips.addAll(comparison.flips());
    return new TensorComparison(
        name,
        kind,
        comparison.elements(),
        comparison.greatest(),
        0,
        comparison.flips().get(0).at(),
        comparison.flipped(),
        0,
        false,
        comparison.flipped() + " differ");
  }
}
