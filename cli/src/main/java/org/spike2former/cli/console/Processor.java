package org.spike2former.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * This machine's processor.
 *
 * @param name as the operating system has it
 * @param features those that vectors are computed with, in the system's words; none where it has no
 *     list of them
 */
public record Processor(String name, List<String> features) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");
  private static final Set<String> VECTORS =
      Set.of(
          "sse4_1",
          "sse4_2",
          "avx",
          "avx2",
          "avx_vnni",
          "fma",
          "avx512f",
          "avx512bw",
          "avx512cd",
          "avx512dq",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "asimd",
          "asimddp",
          "sve",
          "sve2");

  /** The processor of this process. */
  public static Processor here() {
    try (Stream<String> lines = Files.lines(LINUX)) {
      return of(lines.toList());
    } catch (IOException _) {
      // Windows names it in its environment, macOS nowhere.
      String name = System.getenv("PROCESSOR_IDENTIFIER");
      return new Processor(name == null ? System.getProperty("os.arch") : name, List.of());
    }
  }

  /** As the lines of Linux' list of processors say; the first of them. */
  static Processor of(List<String> lines) {
    String name = value(lines, "model name");
    // ARM's have no names.
    String flags = value(lines, name.isEmpty() ? "Features" : "flags");
    return new Processor(
        name.isEmpty() ? System.getProperty("os.arch") : name,
        Stream.of(flags.split(" ")).filter(VECTORS::contains).toList());
  }

  private static String value(List<String> lines, String key) {
    return lines.stream()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
        .map(pair -> pair[1].strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public String toString() {
    return features.isEmpty()
        ? name
        : String.format(Locale.ROOT, "%s (%s)", name, String.join(" ", features));
  }
}
