package org.spike2former.cluster;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.Main;
import org.spike2former.cli.cluster.ClusterConfig;
import org.spike2former.cli.cluster.ImageCommand;
import org.spike2former.cli.cluster.WorkOrder;
import org.spike2former.data.Tally;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.data.loader.SplitTally;
import org.spike2former.data.metric.ConfusionMatrix;

/** Commands on a master and two workers, which give the bits of one machine. */
class ClusterCommandsTest {
  private static final Path MODEL = InProcess.ROOT.resolve("models/camvid");
  private static final Path SAMPLES = InProcess.ROOT.resolve("samples");
  private static final List<String> NAMES = List.of("dusk", "shops", "street");
  private static final int COPIES = 3;

  @TempDir private static Path shared;
  private static StandaloneCluster cluster;
  private static Run local;

  /** Sample frames with the labels of one of them, which therefore mostly disagree. */
  private static Path set;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    cluster = new StandaloneCluster(shared.resolve("cluster"), 2);
    Path out = shared.resolve("labels");
    Run run = InProcess.run("segment", SAMPLES.resolve("street.jpg"), "-m", MODEL, "-o", out);
    assertThat(run.code()).as(run.err()).isZero();
    set = shared.resolve("a set");
    Path images = Files.createDirectories(set.resolve("images/test"));
    Path labels = Files.createDirectories(set.resolve("annotations/test"));
    for (int i = 0; i < COPIES; i++) {
      for (String name : NAMES) {
        Files.copy(SAMPLES.resolve(name + ".jpg"), images.resolve(name + " " + i + ".jpg"));
        Files.copy(out.resolve("street-labels.png"), labels.resolve(name + " " + i + ".png"));
      }
    }
    local = InProcess.run("eval", MODEL, "--data", set, "-o", shared.resolve("local"));
    assertThat(local.code()).as(local.err()).isZero();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private Path config(String master, int imagesPerTask, String... settings) throws IOException {
    String text =
        """
        cluster:
          master: MASTER
          images_per_task: COUNT
          conf:
            spark.ui.enabled: false
            spark.executor.memory: 512m
        """;
    return Files.writeString(
        folder.resolve("cluster.yaml"),
        text.replace("MASTER", master).replace("COUNT", "" + imagesPerTask)
            + Stream.of(settings).map(line -> "    " + line + "\n").reduce("", String::concat));
  }

  private static Run run(Object... words) {
    Run run = InProcess.run(words);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @Test
  void twoWorkersCountWhatOneMachineCounts() throws IOException {
    Path out = folder.resolve("out");
    Path config = config(cluster.master(), 2);
    Run run = run("eval", MODEL, "--data", set, "-o", out, "--save-labels", "--cluster", config);
    assertThat(run.errorLines()).hasSize(2);
    assertThat(run.errorLines().getFirst())
        .startsWith("s2f: " + cluster.master() + ": 2 executors, 2 tasks at a time");
    assertThat(run.errorLines().getLast())
        .matches("s2f: an executor needs about 0\\.\\d GB and has 0\\.5 GB.*");
    for (String file : List.of("confusion.csv", "per-class.csv")) {
      assertThat(out.resolve(file)).hasSameBinaryContentAs(shared.resolve("local/" + file));
    }
    assertThat(out.resolve("labels/street 0.png"))
        .hasSameBinaryContentAs(shared.resolve("labels/street-labels.png"));
    assertThat(out.resolve("labels")).isDirectoryContaining("glob:**.png");
    assertThat(names(out.resolve("labels"))).hasSize(COPIES * NAMES.size());
    assertThat(names(out)).noneMatch(name -> name.startsWith("."));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** With another one of a slow task started, and the executor of a worker killed at work. */
  @Test
  void aKilledExecutorChangesNothing() throws IOException {
    AtomicBoolean killed = new AtomicBoolean();
    SplitTally<ConfusionMatrix> all =
        evaluate(
            set,
            ClusterConfig.read(
                config(
                    cluster.master(),
                    1,
                    "spark.speculation: true",
                    "spark.speculation.interval: 10ms",
                    "spark.speculation.multiplier: 1.01",
                    "spark.speculation.quantile: 0.1",
                    "spark.speculation.minTaskRuntime: 1ms")),
            () -> {
              if (killed.compareAndSet(false, true)) {
                cluster.executors(0).forEach(ProcessHandle::destroyForcibly);
              }
            });
    assertThat(all.images()).isEqualTo(COPIES * NAMES.size());
    StringBuilder csv = new StringBuilder();
    for (int k = 0; k < all.metric().classes(); k++) {
      for (int guess = 0; guess < all.metric().classes(); guess++) {
        csv.append(",").append(all.metric().count(k, guess));
      }
      csv.append('\n');
    }
    String expected =
        Files.readAllLines(shared.resolve("local/confusion.csv")).stream()
            .skip(1)
            .map(line -> line.substring(line.indexOf(',')) + "\n")
            .reduce("", String::concat);
    assertThat(csv).hasToString(expected);
  }

  /** As {@code s2f eval} does; {@code arrived} is called when parts have come. */
  private static SplitTally<ConfusionMatrix> evaluate(
      Path data, ClusterConfig config, Runnable arrived) throws IOException {
    String[] words = {"eval", MODEL.toString(), "--data", data.toString()};
    ImageCommand command = Main.imageCommand(words);
    @SuppressWarnings("unchecked")
    ImagePass<?, SplitTally<ConfusionMatrix>> pass =
        (ImagePass<?, SplitTally<ConfusionMatrix>>) command.pass(MODEL, 1);
    SplitTally<ConfusionMatrix> all = pass.none();
    try (pass;
        WorkOrder order = new WorkOrder(List.of(words), command, pass)) {
      run(
          config,
          order,
          pass,
          (_, part) -> {
            all.add(part);
            arrived.run();
          });
    }
    return all;
  }

  private static <I, R extends Tally<R>> void run(
      ClusterConfig config, WorkOrder order, ImagePass<I, R> pass, PassRunner.Listener<R> listener)
      throws IOException {
    pass.begin();
    new SparkCluster().run(config, order, pass, listener);
  }

  @Test
  void aFileThatIsLostEndsTheRunWithItsName() throws IOException {
    Path copy = copyOfSet();
    Path lost = copy.resolve("images/test/street 2.jpg");
    ClusterConfig config = ClusterConfig.read(config("local[1]", 1));
    assertThatThrownBy(
            () ->
                evaluate(
                    copy,
                    config,
                    () -> {
                      try {
                        Files.deleteIfExists(lost);
                      } catch (IOException e) {
                        throw new IllegalStateException(e);
                      }
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(lost + ": no such file");
  }

  private Path copyOfSet() throws IOException {
    Path copy = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(set)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(set.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return copy;
  }

  @Test
  void badImagesStopOrAreSkippedAsOnOneMachine() throws IOException {
    Path copy = copyOfSet();
    Path bad = copy.resolve("images/test/shops 1.jpg");
    Files.write(bad, new byte[] {1, 2, 3});
    Path config = config("local[2]", 2);
    Run stopped = InProcess.run("eval", MODEL, "--data", copy, "--cluster", config);
    assertThat(stopped.code()).isEqualTo(2);
    assertThat(stopped.errorLines().getLast()).startsWith("s2f: " + bad + ": not an image");
    Object[] skip = {"eval", MODEL, "--data", copy, "--on-bad-image", "skip", "-o"};
    Run one = run(with(skip, folder.resolve("one")));
    Run many = run(with(skip, folder.resolve("many"), "--cluster", config));
    assertThat(many.errorLines()).containsAll(one.errorLines());
    assertThat(many.out()).contains("8 images, 1 skipped");
    assertThat(folder.resolve("many/confusion.csv"))
        .hasSameBinaryContentAs(folder.resolve("one/confusion.csv"));
  }

  private static Object[] with(Object[] words, Object... more) {
    List<Object> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray();
  }

  @Test
  void segmentWritesWhatItCan() throws IOException {
    Path broken = Files.write(folder.resolve("broken one.jpg"), new byte[] {(byte) 0xff, 1});
    Path street = SAMPLES.resolve("street.jpg");
    Object[] words = {"segment", street, broken, SAMPLES.resolve("dusk.jpg"), "-m", MODEL, "-o"};
    Run one = InProcess.run(with(words, folder.resolve("one"), "--digest", "--json"));
    Path many = folder.resolve("many");
    Run all =
        InProcess.run(with(words, many, "--digest", "--json", "--cluster", config("local[2]", 1)));
    assertThat(List.of(one.code(), all.code())).containsOnly(2);
    // Sessions of other tests may still log.
    List<String> errors =
        one.errorLines().stream().filter(line -> line.startsWith("s2f: ")).toList();
    assertThat(errors).singleElement(as(STRING)).contains("broken one.jpg: not an image");
    assertThat(all.errorLines()).containsAll(errors);
    assertThat(withoutTimes(all.out()))
        .isEqualTo(withoutTimes(one.out()).replace("/one/", "/many/"));
    for (String name : names(folder.resolve("one"))) {
      assertThat(many.resolve(name)).hasSameBinaryContentAs(folder.resolve("one/" + name));
    }
    assertThat(names(many)).hasSameSizeAs(names(folder.resolve("one")));
  }

  private static String withoutTimes(String json) {
    return json.replaceAll("\"(median_)?seconds\" : [^,]*", "").replaceAll("\"backend\".*", "");
  }

  @Test
  void spikesAreThoseOfOneMachine() throws IOException {
    Object[] words = {"firing", MODEL, "--data", SAMPLES, "--json"};
    Run one = run(words);
    Run many = run(with(words, "--cluster", config("local[2]", 1)));
    assertThat(withoutTimes(many.out())).isEqualTo(withoutTimes(one.out()));
  }

  @Test
  void executorsThatSeeOtherFilesRefuse() throws IOException {
    Path copy = copyOfSet();
    String[] words = {"eval", MODEL.toString(), "--data", copy.toString()};
    ImageCommand command = Main.imageCommand(words);
    ClusterConfig config = ClusterConfig.read(config("local[1]", 1));
    try (ImagePass<?, ?> pass = command.pass(MODEL, 1);
        WorkOrder order = new WorkOrder(List.of(words), command, pass)) {
      Files.delete(copy.resolve("images/test/dusk 0.jpg"));
      Files.delete(copy.resolve("annotations/test/dusk 0.png"));
      assertThatThrownBy(() -> run(config, order, pass, (_, _) -> {}))
          .isInstanceOf(ClusterException.class)
          .hasMessageMatching(
              "executor driver on .*: 8 images, not those that the driver sees; .*executors need"
                  + " the files that the driver sees, by the same names");
    }
  }

  /** Where another JDK is installed. */
  @Test
  void executorsOfAnotherJdkAreRefused() throws IOException {
    Path other = null;
    Path all = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(all)) {
      try (Stream<Path> found = Files.list(all)) {
        other =
            found
                .filter(jdk -> jdk.getFileName().toString().matches("java-(17|21)-.*"))
                .filter(jdk -> Files.exists(jdk.resolve("bin/java")))
                .findFirst()
                .orElse(null);
      }
    }
    assumeTrue(other != null);
    Run run =
        InProcess.run(
            "eval",
            MODEL,
            "--data",
            set,
            "--cluster",
            config(cluster.master(), 1, "spark.executorEnv.JAVA_HOME: " + other));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines().getLast())
        .matches("s2f: .*executor.* runs Java (17|21), and Java 25 is needed; .*");
  }

  @Test
  void wrongOptionsAreOneLine() throws IOException {
    Map<String, Object[]> wrong = new HashMap<>();
    Path yaml = config("local[1]", 0);
    wrong.put(yaml + ": line 3: cluster.images_per_task: ", new Object[] {"--cluster", yaml});
    wrong.put("--conf goes with --cluster", new Object[] {"--conf", "spark.x=1"});
    wrong.put("nowhere:1: no session: ", new Object[] {"--cluster", "nowhere:1"});
    for (Map.Entry<String, Object[]> each : wrong.entrySet()) {
      Run run = InProcess.run(with(new Object[] {"eval", MODEL, "--data", set}, each.getValue()));
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errorLines().getLast()).startsWith("s2f: " + each.getKey());
    }
  }
}
