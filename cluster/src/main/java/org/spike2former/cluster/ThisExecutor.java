package org.spike2former.cluster;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** The executor that this JVM is. */
public final class ThisExecutor {
  private ThisExecutor() {}

  /** Its number and its machine. */
  public static String name() {
    SparkEnv env = SparkEnv.get();
    return env == null
        ? "(none)"
        : env.executorId() + " on " + env.blockManager().blockManagerId().host();
  }

  /** Processors that Spark says it has; else all of the machine's. */
  public static int processors() {
    SparkConf conf = SparkEnv.get().conf();
    int machine = Runtime.getRuntime().availableProcessors();
    String master = conf.get("spark.master", "");
    if (master.matches("local\\[\\d+.*")) {
      return Integer.parseInt(master.replaceAll("^local\\[(\\d+).*", "$1"));
    }
    return conf.getInt("spark.executor.cores", machine);
  }
}
