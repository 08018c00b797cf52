package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.Segmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;

/** Where the time of a process goes that segments a single image. */
public final class ColdBench {
  /** What is done, in this order. */
  private record Phase(String name, double seconds, double cpuSeconds, double compilerSeconds) {}

  private final List<Phase> phases = new ArrayList<>();
  private long time = ManagementFactory.getRuntimeMXBean().getStartTime();
  private double cpu;
  private double compiler;

  /**
   * Segments an image, and writes its pictures to a temporary folder.
   *
   * @throws IOException if the model or the image cannot be read
   */
  public void run(Path folder, SegmenterOptions options, Path file) throws IOException {
    end("start of the JVM, options");
    try (Segmenter segmenter = Segmenter.load(folder, options)) {
      end("model");
      BufferedImage image = ImageFiles.read(file);
      end("image");
      Segmentation found = segmenter.segment(image);
      end("network");
      write(found);
      end("pictures");
    }
  }

  private static void write(Segmentation found) throws IOException {
    Path picture = Files.createTempFile("s2f", ".png");
    try {
      ImageFiles.writePng(found.overlay(), picture);
      found.labels().writePng(picture, found.classes());
    } finally {
      Files.delete(picture);
    }
  }

  private void end(String name) {
    long now = System.currentTimeMillis();
    double cpuNow =
        ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
    double compilerNow = ManagementFactory.getCompilationMXBean().getTotalCompilationTime() / 1e3;
    phases.add(new Phase(name, (now - time) / 1e3, cpuNow - cpu, compilerNow - compiler));
    time = now;
    cpu = cpuNow;
    compiler = compilerNow;
  }

  private List<Phase> withSum() {
    List<Phase> all = new ArrayList<>(phases);
    all.add(
        new Phase(
            "all",
            phases.stream().mapToDouble(Phase::seconds).sum(),
            phases.stream().mapToDouble(Phase::cpuSeconds).sum(),
            phases.stream().mapToDouble(Phase::compilerSeconds).sum()));
    return all;
  }

  /** A table of the phases: wall time, CPU time of all threads, and that of the JIT compilers. */
  public Table<?> table() {
    return Table.of(
        withSum(),
        Column.right("s", 8, "%.2f", Phase::seconds),
        Column.right("CPU s", 8, "%.2f", Phase::cpuSeconds),
        Column.right("JIT s", 8, "%.2f", Phase::compilerSeconds),
        Column.left("", Phase::name));
  }

  /** The same as JSON. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode list = node.putArray("phases");
    for (Phase phase : withSum()) {
      ObjectNode entry = list.addObject().put("name", phase.name);
      entry.put("seconds", phase.seconds).put("cpu_seconds", phase.cpuSeconds);
      entry.put("compiler_seconds", phase.compilerSeconds);
    }
    return node;
  }
}
