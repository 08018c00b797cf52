package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.StopSignals;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.report.CostFile;
import org.spike2former.serve.Service;
import org.spike2former.serve.ServiceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code s2f serve}: images come and results go over HTTP. */
@Command(
    name = "serve",
    header = "Segments images over HTTP, with a page to look inside the network.",
    description =
        "The page is at /, the API's document at /openapi.json; docs/serve.md says more. There are"
            + " no passwords: whoever reaches the address may use it.",
    mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
  private static final int MIB = 1 << 20;
  private static final int MOST_MIB = 1023;

  /** After the signal's own limit. */
  private static final Duration LONG = Duration.ofDays(1);

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL_DIR",
      arity = "1..*",
      description =
          "Model folders (default: the bundled CamVid model); requests name them by their folders,"
              + " the first is taken for those that do not.")
  private List<Path> models;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen at (default: 127.0.0.1, this machine alone).",
      defaultValue = "127.0.0.1")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port (default: 8080); 0: any that is free.",
      defaultValue = "8080")
  private int port;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Images that are computed at a time (default: 1). They share the threads; more than one"
              + " takes more memory and gives more images per second.",
      defaultValue = "1")
  private int workers;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "Images that may wait (default: 16); with one more the answer is 429.",
      defaultValue = "16")
  private int queue;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = "Pixels of an image (default: 50000000); with more the answer is 422.",
      defaultValue = "50000000")
  private long maxPixels;

  @Option(
      names = "--max-body",
      paramLabel = "MIB",
      description = "MiB of a request (default: 16); with more the answer is 413.",
      defaultValue = "16")
  private int maxBody;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "For waiting and computing (default: 60); after it the answer is 503.",
      defaultValue = "60")
  private double timeLimit;

  @Option(
      names = "--costs",
      paramLabel = "FILE.json",
      description = "Energy of operations (default: configs/energy/45nm.json).")
  private Path costs;

  @Mixin private ComputeOptions compute;

  @Override
  public Integer call() throws IOException {
    check();
    compute.apply();
    // No signature here names the service's classes: other commands start without them.
    ServiceOptions options =
        new ServiceOptions(
            host,
            port,
            workers,
            compute.threads(),
            queue,
            maxBody * MIB,
            Duration.ofNanos((long) (1e9 * timeLimit)),
            compute.cpuBackend(),
            CostFile.read(costs == null ? CostFile.standard() : costs));
    System.setProperty("s2f.max-pixels", Long.toString(maxPixels));
    List<Path> folders =
        models == null ? List.of(Home.defaultModel()) : models.stream().map(Home::model).toList();
    CountDownLatch signalled = new CountDownLatch(1);
    try (Service service = Service.start(folders, options);
        StopSignals _ =
            new StopSignals(signalled::countDown, "the images that have come", "their answers")) {
      System.out.println(service.address());
      System.out.flush();
      if (!service.isLocal()) {
        Errors.print("whoever reaches this address may use it: there are no passwords");
      }
      signalled.await();
      service.stop(LONG);
      return 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private void check() {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("--max-pixels must be above 0, found " + maxPixels);
    }
    if (maxBody < 1 || maxBody > MOST_MIB) {
      throw new IllegalArgumentException(
          "--max-body must be 1 to " + MOST_MIB + ", found " + maxBody);
    }
    if (!(timeLimit > 0 && timeLimit <= LONG.toSeconds())) {
      throw new IllegalArgumentException(
          "--time-limit must be above 0 and at most " + LONG.toSeconds() + ", found " + timeLimit);
    }
  }
}
