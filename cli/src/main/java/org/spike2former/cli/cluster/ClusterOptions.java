package org.spike2former.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.spike2former.cli.option.Home;
import org.spike2former.data.Tally;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say which machines share the work. */
public final class ClusterOptions {
  @Option(
      names = "--cluster",
      paramLabel = "MASTER_URL|FILE.yaml",
      description =
          "Share the work among the executors of a Spark cluster: spark://HOST:7077, yarn,"
              + " k8s://URL, local[N], or a YAML file with a section cluster; see"
              + " docs/cluster.md.")
  private String cluster;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "With --cluster, a setting of Spark, such as spark.executor.memory=8g.")
  private Map<String, String> conf = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether other machines share the work. */
  public boolean given() {
    if (cluster == null && !conf.isEmpty()) {
      throw new IllegalArgumentException("--conf goes with --cluster");
    }
    return cluster != null;
  }

  /**
   * What they say.
   *
   * @throws IOException "FILE: line N: KEY: what is wrong"
   */
  public ClusterConfig config() throws IOException {
    Path file = Home.named(cluster);
    boolean isFile = cluster.matches(".*\\.ya?ml") || Files.isRegularFile(file);
    ClusterConfig config =
        isFile ? ClusterConfig.read(file) : new ClusterConfig(cluster, Map.of(), null);
    return config.with(conf);
  }

  /**
   * What takes the command over its images: this machine, or a cluster. To be called before images
   * are looked for.
   *
   * @throws IOException as {@link #config}
   * @throws IllegalArgumentException if there is none of what is asked for
   */
  public PassRunner runner(ImageCommand images) throws IOException {
    if (!given()) {
      return PassRunner.LOCAL;
    }
    // Files of Hadoop's are listed before the cluster is there.
    config()
        .settings()
        .forEach(
            (key, value) -> {
              if (key.startsWith("spark.hadoop.")) {
                System.setProperty(key, value);
              }
            });
    Cluster machines = service(Cluster.class);
    List<String> words = command.root().commandLine().getParseResult().originalArgs();
    return new PassRunner() {
      @Override
      public <I, R extends Tally<R>> void run(ImagePass<I, R> pass, Listener<R> listener)
          throws IOException {
        pass.begin();
        try (WorkOrder order = new WorkOrder(words, images, pass)) {
          machines.run(config(), order, pass, listener);
        }
      }
    };
  }

  /**
   * A service of module cluster.
   *
   * @throws IllegalArgumentException if the module is not there
   */
  public static <S> S service(Class<S> type) {
    return ServiceLoader.load(type)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--cluster needs module cluster, which ./s2f builds on first use;"
                        + " or mvn -Pcluster package"));
  }
}
