package org.spike2former.accel.fpga;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.spike2former.tensor.Ops;

/**
 * Writes the kernels of what runs into a folder: a file for each shape of layer with 8-bit weights,
 * how its arguments lie in memory, and if wanted test vectors with a program that checks them.
 */
public final class FpgaFolder {
  private final Path folder;
  private final int vectors;
  private final List<Layer> layers = new ArrayList<>();
  private final Map<KernelShape, Written> kernels = new LinkedHashMap<>();

  /**
   * A layer that ran.
   *
   * @param name its path in the network
   * @param shape its kernel's
   */
  public record Layer(String name, KernelShape shape) {}

  /** What was written for a shape. */
  private static final class Written {
    private int vectors;
    private List<Integer> bytes;
  }

  private FpgaFolder(Path folder, int vectors) {
    this.folder = folder;
    this.vectors = vectors;
  }

  /**
   * Writes.
   *
   * @param folder is there and empty
   * @param vectors of so many layers of each shape the inputs and outputs are written; 0 for no
   *     host program either
   * @param reference computes, with 8-bit weights
   * @param run is called once, with operations that do what the reference does
   * @return the layers, in the order in which they ran
   * @throws IllegalArgumentException if nothing of the run has 8-bit weights
   */
  public static List<Layer> write(Path folder, int vectors, Ops reference, Consumer<Ops> run)
      throws IOException {
    FpgaFolder writer = new FpgaFolder(folder, vectors);
    try {
      run.accept(new Int8Recorder(reference, writer::add));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (writer.layers.isEmpty()) {
      throw new IllegalArgumentException("no layer is fed by spikes, so none has 8-bit weights");
    }
    writer.finish();
    return List.copyOf(writer.layers);
  }

  private void add(Int8Call call) {
    layers.add(new Layer(call.layer().name(), call.shape()));
    Written kernel = kernels.computeIfAbsent(call.shape(), _ -> new Written());
    if (kernel.bytes != null && kernel.vectors >= vectors) {
      return;
    }
    Packing packing = new Packing(call.shape());
    List<ByteBuffer> arguments = new ArrayList<>(packing.inputs(call));
    arguments.add(packing.output(call));
    kernel.bytes = arguments.stream().map(ByteBuffer::capacity).toList();
    try {
      if (vectors > 0) {
        Files.createDirectories(folder.resolve("vectors"));
        write(vector(call.shape(), kernel.vectors++), arguments);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path vector(KernelShape shape, int number) {
    return folder.resolve(String.format(Locale.ROOT, "vectors/%s-%d.bin", shape.name(), number));
  }

  private static void write(Path file, List<ByteBuffer> arguments) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (ByteBuffer argument : arguments) {
        while (argument.hasRemaining()) {
          out.write(argument);
        }
      }
    }
  }

  private void finish() throws IOException {
    for (KernelShape shape : kernels.keySet()) {
      Files.writeString(folder.resolve(shape.name() + ".cl"), KernelSource.of(shape));
    }
    copy(KernelSource.HEADER);
    Files.writeString(
        folder.resolve("README.md"),
        Templates.render(
            "README.md",
            Map.of(
                "kernelCount",
                kernels.size(),
                "layerCount",
                layers.size(),
                "vectors",
                vectors > 0,
                "table",
                table())));
    if (vectors > 0) {
      copy("Makefile");
      Files.writeString(
          folder.resolve("host.c"),
          Templates.render(
              "host.c", Map.of("header", KernelSource.HEADER, "kernels", hostTable())));
    }
  }

  private void copy(String resource) throws IOException {
    Files.writeString(folder.resolve(resource), Templates.resource(resource));
  }

  private List<Map<String, Object>> hostTable() {
    return kernels.entrySet().stream()
        .map(
            kernel ->
                Map.<String, Object>of(
                    "name",
                    kernel.getKey().name(),
                    "vectors",
                    kernel.getValue().vectors,
                    "arguments",
                    kernel.getValue().bytes.size(),
                    "width",
                    kernel.getKey().isSpikes() ? 1 : Float.BYTES,
                    "bytes",
                    joined(kernel.getValue().bytes, ", ")))
        .toList();
  }

  /** A row of a kernel's arguments for each kernel, by kinds of output. */
  private String table() {
    StringBuilder table = new StringBuilder();
    for (KernelShape.Output output : KernelShape.Output.values()) {
      List<KernelShape> shapes =
          kernels.keySet().stream().filter(shape -> shape.output() == output).toList();
      if (!shapes.isEmpty()) {
        String arguments =
            switch (output) {
              case SPIKES -> "x | weights | thresholds | out";
              case FLOATS -> "x | weights | scale | bias | out";
              case RESIDUAL -> "x | weights | scale | bias | residual | out";
            };
        table.append(table.isEmpty() ? "" : "\n").append("| kernel | ").append(arguments);
        table.append(" |\n|---").append("|---".repeat(arguments.split("\\|").length));
        table.append("|\n");
        for (KernelShape shape : shapes) {
          table.append("| `").append(shape.name()).append("` | ");
          table.append(joined(kernels.get(shape).bytes, " | ")).append(" |\n");
        }
      }
    }
    return table.toString().stripTrailing();
  }

  private static String joined(List<Integer> numbers, String separator) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(separator));
  }
}
