package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.spike2former.accel.fpga.Estimate;
import org.spike2former.accel.fpga.FpgaFolder;
import org.spike2former.accel.fpga.FpgaFolder.Layer;
import org.spike2former.accel.fpga.KernelShape;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.tensor.Ops;

/** Kernels for FPGAs in a folder, with tables of their layers and of what they take. */
final class FpgaKernels {
  private static final double KIB = 8 * 1024;

  /** A kernel, and how many layers it serves. */
  private record Row(KernelShape shape, Estimate estimate, long layers) {}

  private FpgaKernels() {}

  /**
   * Writes all files.
   *
   * @param vectors of so many layers of each shape
   * @param reference computes, with 8-bit weights
   * @return what to tell the user
   */
  static String write(Path folder, int vectors, Ops reference, Consumer<Ops> run)
      throws IOException {
    List<Layer> layers = FpgaFolder.write(folder, vectors, reference, run);
    Files.writeString(folder.resolve("layers.csv"), layersTable(layers).csv());
    List<Row> rows = rows(layers);
    Files.writeString(folder.resolve("estimate.csv"), estimates(rows).csv());
    return printed(rows).text()
        + String.format(
            Locale.ROOT,
            "%d kernels of %d layers%s; by estimate the layers take %.1f ms, one after the other"
                + " at %d MHz%n",
            rows.size(),
            layers.size(),
            vectors > 0 ? vectorsOf(folder) : "",
            rows.stream().mapToDouble(row -> row.layers() * row.estimate().milliseconds()).sum(),
            Estimate.CLOCK / 1_000_000);
  }

  private static String vectorsOf(Path folder) throws IOException {
    long bytes = 0;
    List<Path> vectors;
    try (Stream<Path> files = Files.list(folder.resolve("vectors"))) {
      vectors = files.toList();
    }
    for (Path vector : vectors) {
      bytes += Files.size(vector);
    }
    return String.format(Locale.ROOT, ", %d test vectors (%.0f MB)", vectors.size(), bytes / 1e6);
  }

  private static List<Row> rows(List<Layer> layers) {
    Map<KernelShape, Long> counts = new LinkedHashMap<>();
    layers.forEach(layer -> counts.merge(layer.shape(), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(kernel -> new Row(kernel.getKey(), Estimate.of(kernel.getKey()), kernel.getValue()))
        .toList();
  }

  private static Table<Layer> layersTable(List<Layer> layers) {
    return Table.of(
        layers, Column.of("layer", Layer::name), Column.of("kernel", l -> l.shape().name()));
  }

  private static Table<Row> estimates(List<Row> rows) {
    return Table.of(
        rows,
        Column.of("kernel", row -> row.shape().name()),
        Column.of("layers", Row::layers),
        Column.of("multiply_adds", row -> row.shape().multiplyAdds()),
        Column.of("multipliers", row -> row.estimate().multipliers()),
        Column.of("float_multiply_adds", row -> row.estimate().floatMultiplyAdds()),
        Column.of("memory_bits", row -> row.estimate().memoryBits()),
        Column.of("cycles", row -> row.estimate().cycles()),
        Column.of("ms_at_200_mhz", row -> row.estimate().milliseconds()),
        Column.of("read_bytes", row -> row.estimate().readBytes()),
        Column.of("written_bytes", row -> row.estimate().writtenBytes()));
  }

  private static Table<Row> printed(List<Row> rows) {
    return Table.of(
        rows,
        Column.left("kernel", row -> row.shape().name()),
        Column.right("layers", 6, Row::layers),
        Column.right("MMAC", 7, "%.1f", row -> row.shape().multiplyAdds() / 1e6),
        Column.right("multipliers", 11, row -> row.estimate().multipliers()),
        Column.right("memory, KiB", 11, "%.1f", row -> row.estimate().memoryBits() / KIB),
        Column.right("cycles", 9, row -> row.estimate().cycles()),
        Column.right("ms", 7, "%.3f", row -> row.estimate().milliseconds()),
        Column.right(
            "traffic, MB",
            11,
            "%.2f",
            row -> (row.estimate().readBytes() + row.estimate().writtenBytes()) / 1e6));
  }
}
