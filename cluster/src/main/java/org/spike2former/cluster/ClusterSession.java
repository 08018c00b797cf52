package org.spike2former.cluster;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * An application on a Spark cluster, from the first connection to {@link #close}. There is one at a
 * time in a JVM.
 */
public final class ClusterSession implements AutoCloseable {
  /** Names the jar that executors get, where this class does not come from it. */
  static final String JAR = "s2f.cluster.jar";

  private final JavaSparkContext context;

  private ClusterSession(JavaSparkContext context) {
    this.context = context;
  }

  /**
   * Connects.
   *
   * @param master the URL of a cluster manager, such as spark://HOST:7077, or local[N]; null: as
   *     spark-submit says
   * @param conf Spark's own settings, which go before those chosen here
   * @param name for Spark's web pages
   * @throws ClusterException if there is no such cluster, a setting is wrong or executors cannot
   *     run this
   */
  public static ClusterSession open(String master, Map<String, String> conf, String name)
      throws ClusterException {
    SparkConf all = new SparkConf().setAppName(name);
    if (master != null) {
      all.setMaster(master);
    }
    // Results are merged as they come, so their sum says nothing.
    all.setIfMissing("spark.driver.maxResultSize", "0");
    all.setIfMissing("spark.ui.showConsoleProgress", "false");
    Path jar = jar();
    if (jar != null && !all.contains("spark.jars")) {
      all.set("spark.jars", jar.toUri().toString());
    }
    conf.forEach(all::set);
    JavaSparkContext context;
    try {
      context = new JavaSparkContext(all);
    } catch (Exception e) {
      // Scala declares no exceptions, so javac knows of none that is checked.
      throw new ClusterException(
          (master == null ? "Spark" : master) + ": no session: " + e.getMessage(), e);
    }
    try {
      ExecutorCheck.run(context);
      return new ClusterSession(context);
    } catch (ClusterException | RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** The jar with all of ours; null where classes lie in folders. */
  private static Path jar() {
    String named = System.getProperty(JAR);
    try {
      Path source =
          named != null
              ? Path.of(named)
              : Path.of(
                  ClusterSession.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(source) ? source : null;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Spark's own. */
  public JavaSparkContext context() {
    return context;
  }

  /** Whether the executors are this JVM. */
  public boolean isLocal() {
    return context.isLocal();
  }

  /** Bytes of an executor's heap. */
  public long executorMemory() {
    return isLocal()
        ? Runtime.getRuntime().maxMemory()
        : context.sc().conf().getSizeAsBytes("spark.executor.memory", "1g");
  }

  /** The cluster, its executors and where its pages are, in one line. */
  public String describe() {
    int executors = isLocal() ? 1 : context.statusTracker().getExecutorInfos().length - 1;
    String page = context.sc().uiWebUrl().isEmpty() ? "" : "; see " + context.sc().uiWebUrl().get();
    return String.format(
        Locale.ROOT,
        "%s: %d executor%s, %d tasks at a time%s",
        context.master(),
        executors,
        executors == 1 ? "" : "s",
        context.defaultParallelism(),
        page);
  }

  /** Ends the application. */
  @Override
  public void close() {
    context.close();
  }
}
