package org.spike2former.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.serve.TestService.json;
import static org.spike2former.serve.TestService.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that ask without a pause, for {@code -Ds2f.load-seconds}, five minutes by default: every
 * answer is the right one or 429, and memory stays what it is after the first fifth of the time.
 */
@Tag("slow")
class LoadTest {
  private static final int CLIENTS = 8;
  private static final int SECONDS = Integer.getInteger("s2f.load-seconds", 300);
  private static final List<String> PATHS =
      List.of(
          "/v1/segment",
          "/v1/segment?model=camvid-panoptic&task=panoptic",
          "/v1/segment?weights=int8&labels=true",
          "/v1/firing",
          "/v1/queries");
  private static final List<String> PHOTOS = List.of("street.jpg", "shops.jpg", "dusk.jpg");

  /** What a client saw. */
  private static final class Tally {
    private final DescriptiveStatistics seconds = new DescriptiveStatistics();
    private int refused;
    private final List<String> wrong = new ArrayList<>();
  }

  @Test
  void everyAnswerIsRightAndMemoryIsFlat() throws Exception {
    try (TestService service =
        TestService.start(1, 4, 1 << 20, Duration.ofMinutes(1), "camvid", "camvid-panoptic")) {
      Map<String, String> expected = new HashMap<>();
      for (String path : PATHS) {
        for (String photo : PHOTOS) {
          expected.put(path + photo, essence(json(service.post(path, sample(photo)))));
        }
      }
      long start = System.nanoTime();
      List<Future<Tally>> clients = new ArrayList<>();
      List<String> memory = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
        for (int i = 0; i < CLIENTS; i++) {
          Random random = new Random(i);
          clients.add(threads.submit(() -> ask(service, expected, random, start)));
        }
        long[] first = null;
        for (int fifth = 1; fifth <= 5; fifth++) {
          Duration passed = Duration.ofNanos(System.nanoTime() - start);
          Duration end = Duration.ofSeconds(SECONDS).multipliedBy(fifth).dividedBy(5);
          Thread.sleep(passed.compareTo(end) < 0 ? end.minus(passed) : Duration.ZERO);
          long[] now = {heapAfterCollection(), resident()};
          first = first == null ? now : first;
          memory.add(String.format(Locale.ROOT, "%d/%d", now[0] >> 20, now[1] >> 20));
          assertThat(now[0]).as("heap, %s", memory).isLessThan(first[0] + (32 << 20));
          assertThat(now[1]).as("resident, %s", memory).isLessThan(first[1] * 5 / 4);
        }
      }
      report(clients, memory);
    }
  }

  private static void report(List<Future<Tally>> clients, List<String> memory) throws Exception {
    DescriptiveStatistics seconds = new DescriptiveStatistics();
    int refused = 0;
    for (Future<Tally> client : clients) {
      Tally tally = client.get();
      assertThat(tally.wrong).isEmpty();
      refused += tally.refused;
      DoubleStream.of(tally.seconds.getValues()).forEach(seconds::addValue);
    }
    System.out.printf(
        Locale.ROOT,
        "%d clients, %d s: %d answers, median %.2f s, 95 %% within %.2f s, longest %.2f s; %d × 429;"
            + " heap/resident MiB at every fifth of the time: %s%n",
        CLIENTS,
        SECONDS,
        seconds.getN(),
        seconds.getPercentile(50),
        seconds.getPercentile(95),
        seconds.getMax(),
        refused,
        memory);
    assertThat(seconds.getN()).isGreaterThan(CLIENTS);
  }

  private static Tally ask(
      TestService service, Map<String, String> expected, Random random, long start)
      throws Exception {
    Tally tally = new Tally();
    while (System.nanoTime() - start < 1e9 * SECONDS) {
      String path = PATHS.get(random.nextInt(PATHS.size()));
      String photo = PHOTOS.get(random.nextInt(PHOTOS.size()));
      long asked = System.nanoTime();
      HttpResponse<byte[]> response = service.post(path, sample(photo));
      if (response.statusCode() == 429) {
        tally.refused++;
        long seconds = response.headers().firstValueAsLong("Retry-After").orElseThrow();
        Thread.sleep(Duration.ofSeconds(seconds));
      } else if (response.statusCode() != 200) {
        tally.wrong.add(path + " " + photo + ": " + response.statusCode());
      } else {
        tally.seconds.addValue((System.nanoTime() - asked) / 1e9);
        if (!essence(json(response)).equals(expected.get(path + photo))) {
          tally.wrong.add(path + " " + photo + ": another result");
        }
      }
    }
    return tally;
  }

  /** The digest, or all but the time where there is none. */
  private static String essence(JsonNode answer) {
    if (answer.has("digest")) {
      return answer.get("digest").asText();
    }
    ((ObjectNode) answer).remove("seconds");
    return answer.toString();
  }

  private static long heapAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** 0 where the system does not say. */
  private static long resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
