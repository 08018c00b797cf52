package org.spike2former.tests.soak;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this process holds at a moment; -1 where the system does not say.
 *
 * @param after which work it was taken
 * @param seconds since the start
 * @param rounds of all work by then
 * @param cpuSeconds of the process
 * @param resident bytes of its memory that are in RAM
 * @param heap bytes of objects after a collection
 * @param nonHeap bytes of classes and compiled code
 * @param handles open files and sockets
 * @param threads that live, virtual ones aside
 * @param files in the folders for what is temporary
 */
record Sample(
    String after,
    double seconds,
    long rounds,
    double cpuSeconds,
    long resident,
    long heap,
    long nonHeap,
    long handles,
    long threads,
    long files) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Path STATUS = Path.of("/proc/self/status");

  static final String HEADER =
      "after,seconds,rounds,cpu_seconds,resident,heap,non_heap,handles,threads,files";

  static Sample take(String after, double seconds, long rounds, Path temporary) throws IOException {
    System.gc();
    return new Sample(
        after,
        seconds,
        rounds,
        cpu(),
        residentBytes(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed(),
        SYSTEM instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : -1,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        entries(temporary));
  }

  /** Seconds of CPU that this process has taken. */
  static double cpu() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  private static long residentBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return -1;
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(-1);
  }

  private static long entries(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.count();
    }
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%.1f,%d,%.1f,%d,%d,%d,%d,%d,%d",
        after,
        seconds,
        rounds,
        cpuSeconds,
        resident,
        heap,
        nonHeap,
        handles,
        threads,
        files);
  }
}
