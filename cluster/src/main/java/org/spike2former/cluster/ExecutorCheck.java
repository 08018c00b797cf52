package org.spike2former.cluster;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Whether the JVMs of executors can run this network. */
public final class ExecutorCheck {
  /** The feature version that all classes are compiled for. */
  private static final int JDK = 25;

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** What a JVM says of classes that are newer than it knows; Java 17 knows up to 61. */
  private static final Pattern TOO_NEW =
      Pattern.compile("UnsupportedClassVersionError.*? up to (\\d+)", Pattern.DOTALL);

  private static final int CLASS_VERSION_OF_JAVA_0 = 44;

  private ExecutorCheck() {}

  /**
   * Asks those executors that there are.
   *
   * @throws ClusterException if one of them cannot do it
   */
  static void run(JavaSparkContext context) throws ClusterException {
    List<Integer> tasks = IntStream.range(0, context.defaultParallelism()).boxed().toList();
    context.setJobDescription("check the executors");
    try {
      List<String> problems =
          context.parallelize(tasks, tasks.size()).map(_ -> problem().orElse("")).collect();
      for (String problem : problems) {
        if (!problem.isEmpty()) {
          throw new ClusterException(problem);
        }
      }
    } catch (Exception e) {
      throw asClusterException(e);
    } finally {
      context.setJobDescription(null);
    }
  }

  /** What this JVM lacks; asked again wherever work begins, for executors that came later. */
  public static Optional<String> problem() {
    int jdk = Runtime.version().feature();
    if (jdk != JDK) {
      return Optional.of(wrongJdk("executor " + ThisExecutor.name(), jdk));
    }
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
        ? Optional.empty()
        : Optional.of(
            "executor "
                + ThisExecutor.name()
                + " runs without the module "
                + VECTOR_MODULE
                + "; add spark.executor.extraJavaOptions=--add-modules="
                + VECTOR_MODULE);
  }

  private static String wrongJdk(String where, int found) {
    return where
        + " runs Java "
        + found
        + ", and Java "
        + JDK
        + " is needed; set JAVA_HOME of the workers, or spark.executorEnv.JAVA_HOME";
  }

  /** Turns what Spark throws when a job has failed into one line. */
  public static ClusterException asClusterException(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClusterException mine) {
        return mine;
      }
    }
    String text = e.toString();
    Matcher tooNew = TOO_NEW.matcher(text);
    if (tooNew.find()) {
      int found = Integer.parseInt(tooNew.group(1)) - CLASS_VERSION_OF_JAVA_0;
      return new ClusterException(wrongJdk("an executor", found), e);
    }
    return new ClusterException(text.lines().findFirst().orElse(text), e);
  }
}
