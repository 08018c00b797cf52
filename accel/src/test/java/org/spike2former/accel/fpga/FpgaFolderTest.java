package org.spike2former.accel.fpga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FpgaFolderTest {
  private static final Pattern KERNEL = Pattern.compile("__kernel void (\\w+)\\(");
  private static final Pattern LOOP = Pattern.compile("for \\(int \\w+ = 0; \\w+ < ([^;]+);");
  private static final Pattern DEFINED = Pattern.compile("(?m)^#define (\\w+) .*\\d");

  @TempDir private static Path folder;
  private static List<FpgaFolder.Layer> layers;

  @BeforeAll
  static void write() throws IOException {
    layers = write("kernels", 1);
  }

  private static List<FpgaFolder.Layer> write(String name, int vectors) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    List<FpgaFolder.Layer> written = new ArrayList<>();
    Layers.withReference(
        reference ->
            written.addAll(
                FpgaFolder.write(
                    made,
                    vectors,
                    reference,
                    ops -> {
                      Layers.runAll(ops);
                      Layers.runAll(ops);
                    })));
    return written;
  }

  private static TreeMap<String, String> files(String name) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve(name))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            folder.resolve(name).relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private static List<String> sources() throws IOException {
    return files("kernels").entrySet().stream()
        .filter(file -> file.getKey().endsWith(".cl"))
        .map(file -> file.getValue())
        .toList();
  }

  @Test
  void layersOfOneShapeShareAKernelOfItsOwnName() throws IOException {
    TreeMap<String, String> files = files("kernels");
    Set<String> names = layers.stream().map(l -> l.shape().name()).collect(Collectors.toSet());
    assertThat(layers).hasSize(2 * 21);
    assertThat(names).hasSize(21).allMatch(name -> name.length() < 64);
    assertThat(files.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    names.stream().map(name -> name + ".cl"),
                    names.stream().map(name -> "vectors/" + name + "-0.bin"),
                    Stream.of("s2f.h", "README.md", "host.c", "Makefile"))
                .flatMap(Function.identity())
                .toList());
    for (String name : names) {
      String source = files.get(name + ".cl");
      assertThat(KERNEL.matcher(source).results().map(found -> found.group(1)))
          .containsExactly(name);
    }
  }

  @Test
  void kernelsAreSingleWorkItemsWithCountedLoops() throws IOException {
    for (String source : sources()) {
      assertThat(source)
          .containsOnlyOnce("__attribute__((reqd_work_group_size(1, 1, 1)))")
          .contains("restrict x", "restrict weights", "restrict out", "PIPELINE", "__local")
          .doesNotContain("{{>", "get_global_id", "max(", "while", "\t", " \n");
      assertThat(source.chars().filter(c -> c == '{').count())
          .isEqualTo(source.chars().filter(c -> c == '}').count());
      Set<String> constants =
          DEFINED.matcher(source).results().map(f -> f.group(1)).collect(Collectors.toSet());
      constants.addAll(Set.of("TAPS", "4", "16"));
      assertThat(LOOP.matcher(source).results().flatMap(f -> Stream.of(f.group(1).split(" \\* "))))
          .isNotEmpty()
          .isSubsetOf(constants);
      assertThat(LOOP.matcher(source).results().count())
          .isEqualTo(source.split("for \\(", -1).length - 1L);
    }
  }

  @Test
  void sumsHaveNeitherBranchesNorFloats() throws IOException {
    for (String source : sources()) {
      int from = source.indexOf("int16 sum = ");
      String sum = source.substring(from, source.indexOf(");", source.indexOf("+=", from)));
      assertThat(sum).contains("sum += product").doesNotContain("if", "?", "float", "fma");
    }
  }

  @Test
  void theSameRunGivesTheSameFiles() throws IOException {
    write("again", 1);
    assertThat(files("again")).isEqualTo(files("kernels"));
  }

  @Test
  void vectorsAreOfAtMostSoManyLayersOfAShape() throws IOException {
    List<FpgaFolder.Layer> more = write("more", 3);
    TreeMap<String, String> files = files("more");
    for (FpgaFolder.Layer layer : more) {
      String name = "vectors/" + layer.shape().name();
      assertThat(files).containsKeys(name + "-0.bin", name + "-1.bin");
      assertThat(files).doesNotContainKey(name + "-2.bin");
      assertThat(files.get("host.c")).contains("{\"" + layer.shape().name() + "\", 2, ");
    }
  }

  /** The host program and the page say what the kernels' arguments are. */
  @Test
  void vectorsHaveTheStatedBytes() throws IOException {
    TreeMap<String, String> files = files("kernels");
    Pattern row = Pattern.compile("\\{\"(\\w+)\", 1, (\\d), (\\d), \\{ ([0-9, ]+) \\}\\},");
    List<String> kernels =
        row.matcher(files.get("host.c"))
            .results()
            .map(
                found -> {
                  long sum = Stream.of(found.group(4).split(", ")).mapToLong(Long::parseLong).sum();
                  assertThat(files.get("vectors/" + found.group(1) + "-0.bin").length())
                      .isEqualTo((int) sum)
                      .isPositive();
                  assertThat(sum % KernelShape.LINE).isZero();
                  assertThat(files.get("README.md"))
                      .contains(
                          "| `" + found.group(1) + "` | " + found.group(4).replace(", ", " | "));
                  return found.group(1);
                })
            .toList();
    assertThat(kernels).hasSize(21);
  }

  @Test
  void whatHasNo8BitWeightsIsRefused() {
    Layers.withReference(
        reference ->
            assertThatThrownBy(() -> FpgaFolder.write(folder, 0, reference, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fed by spikes"));
  }
}
