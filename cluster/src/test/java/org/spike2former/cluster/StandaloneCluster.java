package org.spike2former.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A master and workers of one core each on the loopback address, every one a process, and their
 * executors. All end with {@link #close}, or with this JVM.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("s2f.spark.home"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"));
  private static final Duration START = Duration.ofMinutes(5);

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final String master;
  private final Thread hook = new Thread(this::kill);

  /**
   * Starts one and waits until every worker is registered.
   *
   * @param folder for what they write
   */
  StandaloneCluster(Path folder, int workers) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    Runtime.getRuntime().addShutdownHook(hook);
    int port = freePort();
    master = "spark://127.0.0.1:" + port;
    try {
      processes.add(
          start(
              "master",
              "org.apache.spark.deploy.master.Master",
              List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "0")));
      awaitLine("master", "I have been elected leader", 1);
      for (int i = 0; i < workers; i++) {
        addWorker();
      }
      awaitLine("master", "Registering worker", workers);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Starts one more; it registers by itself. */
  void addWorker() throws IOException {
    String name = "worker" + workers.size();
    Process worker =
        start(
            name,
            "org.apache.spark.deploy.worker.Worker",
            List.of(
                "--host",
                "127.0.0.1",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--webui-port",
                "0",
                "--work-dir",
                folder.resolve(name).toString(),
                master));
    processes.add(worker);
    workers.add(worker);
  }

  /** What clients connect to. */
  String master() {
    return master;
  }

  /** The executors that a worker has running. */
  List<ProcessHandle> executors(int worker) {
    return workers.get(worker).toHandle().children().toList();
  }

  /**
   * Ends a worker that has executors, and them, as {@code kill -9} does.
   *
   * @return whether there was one
   */
  boolean killOneWithAnExecutor() {
    for (int i = 0; i < workers.size(); i++) {
      List<ProcessHandle> executors = executors(i);
      if (!executors.isEmpty()) {
        workers.get(i).destroyForcibly(); // first, so that it starts no other executor
        executors.forEach(ProcessHandle::destroyForcibly);
        return true;
      }
    }
    return false;
  }

  /** What its process has printed. */
  String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  private Process start(String name, String type, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(JAVA.resolve("bin/java").toString());
    command.add("@" + HOME.resolve("../../spark-argfile").normalize());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dspark.master.rest.enabled=false");
    command.addAll(List.of("-cp", HOME.resolve("jars") + "/*", type));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", HOME.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("JAVA_HOME", JAVA.toString());
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitLine(String name, String words, int times)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (log(name).lines().filter(line -> line.contains(words)).count() < times) {
      if (System.nanoTime() > end || processes.stream().anyMatch(each -> !each.isAlive())) {
        throw new IOException("no line \"" + words + "\" in time from " + name + ":\n" + log(name));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void kill() {
    List<ProcessHandle> all =
        processes.stream()
            .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each.toHandle())))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().orTimeout(10, TimeUnit.SECONDS).join());
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
