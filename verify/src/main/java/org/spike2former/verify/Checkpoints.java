package org.spike2former.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/** Compares two files of weights, whatever their formats. */
final class Checkpoints {
  private Checkpoints() {}

  /** A row for each name that either file has: it passes if type, shape and all bits are equal. */
  static List<Row> compare(Path expected, Path found) throws IOException {
    try (TensorArchive a = TensorFiles.open(expected);
        TensorArchive b = TensorFiles.open(found)) {
      Set<String> names = new LinkedHashSet<>(a.names());
      names.addAll(b.names());
      List<Row> rows = new ArrayList<>();
      for (String name : names) {
        rows.add(row(name, a, b));
      }
      return rows;
    }
  }

  private static Row row(String name, TensorArchive expected, TensorArchive found)
      throws IOException {
    for (TensorArchive archive : List.of(expected, found)) {
      if (!archive.names().contains(name)) {
        return Row.failed(name, Kind.WEIGHT, 0, "not in " + archive.path().getFileName());
      }
    }
    Tensor wanted = expected.read(name);
    Tensor there = found.read(name);
    String types = expected.type(name) + Shape.toString(wanted.shape());
    String thereTypes = found.type(name) + Shape.toString(there.shape());
    if (!types.equals(thereTypes)) {
      String note = "expected " + types + ", found " + thereTypes;
      return Row.failed(name, Kind.WEIGHT, wanted.size(), note);
    }
    return wanted.bitEquals(there)
        ? Row.equal(name, Kind.WEIGHT, wanted.size())
        : Row.real(name, Kind.WEIGHT, Difference.of(name, wanted, there), -1, wanted.shape());
  }
}
