package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in a folder like a checkout, with scripts in the places of Maven and Java. */
class LauncherTest {
  private static final List<String> MODULES =
      List.of(
          "generator",
          "tensor",
          "snn",
          "data",
          "model",
          "train",
          "accel",
          "verify",
          "serve",
          "cli");

  /** Notes that it builds, and goes on when something is written into the pipe "go". */
  private static final String MAVEN =
      """
      #!/bin/sh
      case $PWD in *[!A-Za-z0-9/._\\ -]*) exit 1 ;; esac
      echo $$ >>"$FAKES/builds"
      echo "Downloading from central: a.jar"
      echo "Downloaded from central: a.jar (1 MB)"
      echo "Downloaded from central: b.jar (1 MB)"
      echo "[INFO] Building spike2former: tensor 0.1.0-SNAPSHOT              [2/3]"
      echo "[INFO] Building jar: spike2former-tensor.jar"
      echo "[INFO] Building spike2former: cli 0.1.0-SNAPSHOT                 [3/3]"
      read -r answer <"$FAKES/go"
      [ "$answer" != coloured ] || { printf '[\\033[1;31mERROR\\033[m] a mistake\\n'; exit 1; }
      [ "$answer" = good ] || { echo "[ERROR] a mistake"; exit 1; }
      while [ "$1" != -f ]; do shift; done
      cd "$(dirname "$2")"
      mkdir -p cli/target/lib
      : >cli/target/lib/a.jar
      : >cli/target/lib/b.jar
      : >cli/target/s2f.stamp
      """;

  /** Makes the cache that it is asked for, or prints the locale and its arguments. */
  private static final String JAVA =
      """
      #!/bin/sh
      for word in "$@"; do
        case $word in
          -XX:AOTCacheOutput=*) echo cache >"${word#*=}"; echo $$ >>"$FAKES/caches"; exit ;;
        esac
      done
      echo "locale $LC_ALL"
      printf '%s\\n' "$@"
      case " $* " in *" -Ds2f.output=/dev/fd/7 "*) echo result >&7 ;; esac
      """;

  /** What the launcher and the scripts above use, where it is installed. */
  private static final List<String> TOOLS =
      List.of(
          "cat",
          "cksum",
          "dirname",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "ln",
          "locale",
          "mkdir",
          "mktemp",
          "mv",
          "perl",
          "pwd",
          "readlink",
          "rm",
          "sed",
          "sh",
          "tail",
          "tr");

  @TempDir private Path folder;
  private Path fakes;
  private Path home;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void makeCheckout() throws IOException, InterruptedException {
    fakes = Files.createDirectories(folder.resolve("fakes"));
    script(fakes.resolve("mvn"), MAVEN);
    script(fakes.resolve("jdk/bin/java"), JAVA);
    Files.writeString(fakes.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    assertThat(new ProcessBuilder("mkfifo", fakes.resolve("go").toString()).start().waitFor())
        .isZero();
    home = checkout("checkout");
  }

  private Path checkout(String name) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name));
    Files.copy(S2f.ROOT.resolve("s2f"), made.resolve("s2f"));
    Files.createFile(made.resolve("pom.xml"));
    for (String module : MODULES) {
      Files.createDirectories(made.resolve(module).resolve("src/main"));
      Files.createFile(made.resolve(module).resolve("pom.xml"));
    }
    return made.toRealPath();
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void endAll() throws IOException {
    started.forEach(Process::destroyForcibly);
    if (Files.exists(fakes.resolve("builds"))) {
      Files.readAllLines(fakes.resolve("builds")).forEach(LauncherTest::kill);
    }
  }

  private static void kill(String pid) {
    ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", home.resolve("s2f").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> all = builder.environment();
    all.keySet().removeIf(name -> name.matches("S2F_.*|LC_.*|LANG|TORNADOVM_HOME|.*JAVA_OPTIONS"));
    all.put("PATH", fakes + ":" + all.get("PATH"));
    all.put("JAVA_HOME", fakes.resolve("jdk").toString());
    all.put("FAKES", fakes.toString());
    all.putAll(environment);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /** Lets one build go on; waits until it reads. */
  private void answer(String word) throws IOException {
    Files.writeString(fakes.resolve("go"), word + "\n");
  }

  private List<String> lines(String name) throws IOException {
    Path file = fakes.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Reads standard error up to a line that begins so. */
  private static BufferedReader await(Process process, String begin) throws IOException {
    BufferedReader reader = process.errorReader(StandardCharsets.UTF_8);
    String line = reader.readLine();
    assertThat(line).startsWith("s2f: " + begin);
    return reader;
  }

  private static List<String> end(Process process) throws IOException, InterruptedException {
    List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
    assertThat(process.waitFor()).isZero();
    return lines;
  }

  private List<String> build(String... arguments) throws IOException, InterruptedException {
    Process process = start(Map.of(), arguments);
    await(process, "building");
    answer("good");
    return end(process);
  }

  @Test
  void ofThreeCallsOneBuildsAndOneMakesTheCache() throws Exception {
    Process first = start(Map.of(), "info");
    await(first, "building");
    Process second = start(Map.of(), "info");
    Process third = start(Map.of(), "info");
    await(second, "another call is building; waiting");
    await(third, "another call is building; waiting");
    answer("good");
    for (Process process : List.of(first, second, third)) {
      assertThat(end(process)).contains("org.spike2former.cli.Main", "info");
    }
    assertThat(lines("builds")).hasSize(1);
    assertThat(lines("caches")).hasSize(1);
    assertThat(end(start(Map.of(), "info")))
        .contains("-XX:AOTCache=" + home.resolve("cli/target/s2f.aot"));
    assertThat(lines("builds")).hasSize(1);
    // The JVM may crash on a damaged cache: it is made anew, or left out where it can't be.
    Files.writeString(home.resolve("cli/target/s2f.aot"), "damage");
    assertThat(end(start(Map.of("S2F_NO_BUILD", "1"), "info")))
        .noneMatch(word -> word.startsWith("-XX:AOTCache="));
    assertThat(end(start(Map.of(), "info")))
        .contains("-XX:AOTCache=" + home.resolve("cli/target/s2f.aot"));
    assertThat(home.resolve("cli/target/s2f.aot")).hasContent("cache");
    assertThat(lines("caches")).hasSize(2);
    assertThat(home.resolve("cli/target"))
        .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("trial"));
  }

  @Test
  void withoutMavenTheWrapperBuilds() throws Exception {
    Files.move(fakes.resolve("mvn"), home.resolve("mvnw"));
    Path tools = Files.createDirectories(fakes.resolve("tools"));
    for (String tool : TOOLS) {
      Path found = onPath(tool);
      if (found != null) {
        Files.createSymbolicLink(tools.resolve(tool), found);
      }
    }
    Process process = start(Map.of("PATH", tools.toString()), "info");
    await(process, "building");
    answer("good");
    assertThat(end(process)).contains("org.spike2former.cli.Main", "info");
    assertThat(lines("builds")).hasSize(1);
  }

  private static Path onPath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** As long as its Maven runs, it is waited for; a dead build blocks no one. */
  @Test
  void aKilledBuildBlocksNobody() throws Exception {
    Process first = start(Map.of(), "info");
    await(first, "building");
    Process second = start(Map.of(), "info");
    BufferedReader reader = await(second, "another call is building; waiting");
    first.destroyForcibly().waitFor();
    awaitOneBuild();
    kill(lines("builds").get(0));
    assertThat(reader.readLine()).startsWith("s2f: building, on first use");
    answer("good");
    end(second);
    assertThat(lines("builds")).hasSize(2);
  }

  /** The script may not have come to its first line yet. */
  private void awaitOneBuild() throws IOException {
    while (lines("builds").isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFailedBuildSaysWhyAndTheNextCallBuilds() throws Exception {
    Process first = start(Map.of(), "info");
    BufferedReader reader = await(first, "building");
    answer("bad");
    assertThat(reader.lines())
        .containsExactly(
            "s2f:   fetching libraries",
            "s2f:   module tensor (2/3)",
            "s2f:   module cli (3/3)",
            "[ERROR] a mistake",
            "s2f: the build failed; the log is " + home.resolve("cli/target/s2f-build.log"));
    assertThat(first.waitFor()).isEqualTo(2);
    assertThat(build("info")).contains("info");
  }

  @Test
  void colouredErrorsAreFoundToo() throws Exception {
    Process build = start(Map.of(), "info");
    BufferedReader reader = await(build, "building");
    answer("coloured");
    assertThat(reader.lines()).contains("[ERROR] a mistake");
    assertThat(build.waitFor()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a blank", "co:lon", "umläut-日本", "%41#+'\"$x;&", "*?[a]", "-dash", "back\\slash"})
  void aCheckoutMayHaveAnyName(String name) throws Exception {
    home = checkout(name);
    assertThat(build("info", "a b", "*", "@x", "-XX:c"))
        .contains("-Ds2f.home=" + home)
        .endsWith("org.spike2former.cli.Main", "info", "a b", "*", "@x", "-XX:c");
    List<String> words = end(start(Map.of(), "info"));
    String place = name.contains(":") ? "/proc/self/fd/9" : home.toString();
    assertThat(words)
        .contains(place + "/cli/target/lib/a.jar:" + place + "/cli/target/lib/b.jar")
        .contains("-XX:AOTCache=" + place + "/cli/target/s2f.aot");
  }

  @Test
  void whatDriversPrintGoesToStandardError() throws Exception {
    Path sdk = folder.resolve("sdk");
    Path jars = Files.createDirectories(sdk.resolve("share/java/tornado"));
    Files.createFile(sdk.resolve("tornado-argfile"));
    Files.createFile(jars.resolve("tornado-api-5.2.0-jdk25.jar"));
    Files.createDirectories(home.resolve("cli/target/lib"));
    Map<String, String> built = Map.of("TORNADOVM_HOME", sdk.toString(), "S2F_NO_BUILD", "1");
    Process devices = start(built, "devices");
    assertThat(end(devices)).containsExactly("result");
    assertThat(devices.errorReader().lines())
        .contains("@" + sdk + "/tornado-argfile", "-XX:hashCode=3", "devices");
    assertThat(end(start(built, "accel", "kernels", "--fpga")))
        .contains("--fpga")
        .noneMatch(word -> word.contains("tornado-argfile") || word.contains("hashCode"));
  }

  @Test
  void theLocaleIsUtf8WhateverIsNamed() throws Exception {
    build("info");
    for (String name : List.of("xx_XX.ISO-8859-1", "de_DE@euro", "C", "POSIX", "")) {
      for (String variable : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
        assertThat(end(start(Map.of(variable, name), "info")).get(0))
            .as("%s=%s", variable, name)
            .containsPattern("(?i)utf-?8");
      }
    }
  }

  @Test
  void theUsersCollectorTakesThePlaceOfTheLaunchers() throws Exception {
    assertThat(build("info")).contains("-XX:+UseSerialGC");
    assertThat(end(start(Map.of("S2F_JAVA_OPTS", "-Xmx1g -XX:+UseG1GC -Da=*"), "info")))
        .doesNotContain("-XX:+UseSerialGC")
        .contains("-Xmx1g", "-XX:+UseG1GC", "-Da=*");
    assertThat(end(start(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseZGC"), "train")))
        .doesNotContain("-XX:+UseParallelGC");
    assertThat(end(start(Map.of(), "train"))).contains("-XX:+UseParallelGC", "-XX:GCTimeRatio=9");
  }

  /** Its Java comes before that of the user; nothing is built, even where something is older. */
  @Test
  void aPackageRunsAsItIsOnAJavaOfItsOwn() throws Exception {
    home = Files.createDirectories(folder.resolve("a package")).toRealPath();
    Files.copy(S2f.ROOT.resolve("s2f"), home.resolve("s2f"));
    Path jar = Files.createDirectory(home.resolve("lib")).resolve("a.jar");
    Files.createFile(jar);
    script(home.resolve("runtime/bin/java"), JAVA);
    Map<String, String> noJdk = Map.of("JAVA_HOME", "");
    assertThat(end(start(noJdk, "info")))
        .contains("-Ds2f.home=" + home, jar.toString(), "-XX:AOTCache=" + home + "/lib/s2f.aot")
        .endsWith("org.spike2former.cli.Main", "info");
    assertThat(lines("builds")).isEmpty();
    assertThat(lines("caches")).hasSize(1);
    Process cluster = start(noJdk, "eval", "--cluster", "local[2]");
    assertThat(cluster.errorReader(StandardCharsets.UTF_8).readLine())
        .isEqualTo(
            "s2f: --cluster needs the sources, of which ./s2f builds what this package leaves out");
    assertThat(cluster.waitFor()).isEqualTo(2);
  }

  @Test
  void itIsFoundThroughLinksAndThePath() throws Exception {
    build("info");
    Path link = Files.createSymbolicLink(fakes.resolve("s2f"), home.resolve("s2f"));
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "CDPATH=/ s2f info");
    builder.environment().put("PATH", link.getParent() + ":" + System.getenv("PATH"));
    builder.environment().put("JAVA_HOME", fakes.resolve("jdk").toString());
    assertThat(home.resolve("s2f").toFile().setExecutable(true)).isTrue();
    assertThat(end(builder.start())).contains("-Ds2f.home=" + home);
  }
}
