package org.spike2former.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages, unpacked elsewhere and run as processes that know of no Java. */
class PackagesTest {
  private static final Path BUILT = Path.of(System.getProperty("s2f.packages", "target"));
  private static final String NAME = System.getProperty("s2f.package.name");
  private static final Path JAR = BUILT.resolve("s2f.jar").toAbsolutePath();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  /** Of samples/street.jpg, as the checkout prints it. */
  private static final String DIGEST =
      "8f2ca44fd1f1692c9b5688a257a1d1d8fed9b1bc92142fb4d572f6475af0b8c8";

  private static final int TIMEOUT_SECONDS = 120;

  @TempDir private Path folder;

  /** What a run printed, and its exit code. */
  private record Run(int code, String out, String err) {}

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private ProcessBuilder builder(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", folder.resolve("home").toString());
    builder.environment().putAll(environment);
    return builder;
  }

  private Run run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        builder(environment, List.of(command))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Path unpack(String tool, String option, String ending)
      throws IOException, InterruptedException {
    Path place = Files.createDirectories(folder.resolve("a place"));
    String archive = BUILT.resolve(NAME + ending).toAbsolutePath().toString();
    Process process = new ProcessBuilder(tool, option, archive).directory(place.toFile()).start();
    assertThat(process.waitFor()).isZero();
    Path home = place.resolve(NAME);
    assertThat(home.resolve("THIRD-PARTY.txt")).content().contains("info.picocli:picocli");
    if (Files.exists(BUILT.resolve("sbom.json"))) {
      // An offline build makes none.
      assertThat(home.resolve("sbom.json")).content().contains("pkg:maven/info.picocli/picocli");
    }
    assertThat(home.resolve("LICENSE")).exists();
    assertThat(home.resolve("NOTICE")).exists();
    return home;
  }

  private void assertSegments(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path sample = BUILT.resolve("content/samples/street.jpg").toAbsolutePath();
    List<String> all = new ArrayList<>(Arrays.asList(command));
    all.addAll(List.of("segment", sample.toString(), "--digest", "-o", folder.toString()));
    Run run = run(environment, all.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("digest " + DIGEST, "vector");
    assertThat(folder.resolve("street-overlay.png")).exists();
  }

  /** With an option that ends the JVM if it can't use the cache. */
  @Test
  void thePackageWithAJavaNeedsNoneAndHasACache() throws Exception {
    Path home = unpack("tar", "xzf", "-linux-x64.tar.gz");
    String launcher = home.resolve("s2f").toString();
    assertSegments(Map.of("S2F_JAVA_OPTS", "-XX:AOTMode=on"), launcher);
    assertThat(home.resolve("lib/s2f.lock")).doesNotExist();
    Run missing = run(Map.of(), launcher, "segment", "missing.jpg");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("s2f: missing.jpg: no such file");
  }

  @Test
  void thePlainPackageTakesAnInstalledJava() throws Exception {
    Path home = unpack(tool("jar"), "xf", "-plain.zip");
    assertThat(home.resolve("s2f.cmd")).exists();
    assertThat(home.resolve("runtime")).doesNotExist();
    Map<String, String> environment =
        Map.of("JAVA_HOME", System.getProperty("java.home"), "S2F_NO_BUILD", "1");
    assertSegments(environment, "sh", home.resolve("s2f").toString());
  }

  @Test
  void theJarAddsTheVectorApiAndPassesExitCodesOn() throws Exception {
    assertSegments(Map.of(), JAVA, "-jar", JAR.toString());
    Run missing = run(Map.of(), JAVA, "-jar", JAR.toString(), "segment", "missing.jpg");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("s2f: missing.jpg: no such file");
    assertThat(folder.resolve("home/.cache/spike2former"))
        .isDirectoryContaining("regex:.*/home-[0-9a-f]{8}");
  }

  @Test
  void aSignalToTheJarEndsBothOfItsProcesses() throws Exception {
    Process process =
        builder(Map.of(), List.of(JAVA, "-jar", JAR.toString(), "segment", "-"))
            .redirectErrorStream(true)
            .start();
    // The command waits for an image on its standard input.
    process.inputReader(StandardCharsets.UTF_8).readLine();
    ProcessHandle second = process.descendants().findFirst().orElseThrow();
    process.destroy();
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    assertThat(second.isAlive()).isFalse();
  }

  /** The JVM's list of modules is in its file "release". */
  @Test
  void theRuntimeHasAllModulesThatLibrariesUse() throws Exception {
    StringWriter out = new StringWriter();
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "--multi-release=25",
                "--ignore-missing-deps",
                "--print-module-deps",
                JAR.toString());
    assertThat(code).as(out.toString()).isZero();
    List<String> modules;
    try (Stream<String> lines = Files.lines(BUILT.resolve("linux-x64/runtime/release"))) {
      String line = lines.filter(text -> text.startsWith("MODULES=")).findFirst().orElseThrow();
      modules = List.of(line.substring(line.indexOf('"') + 1, line.length() - 1).split(" "));
    }
    assertThat(modules).contains(out.toString().strip().split(","));
  }
}
