package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KindHashesTest {
  private static final int LAST = 100_000;

  @TempDir private Path folder;

  private final AtomicInteger hash = new AtomicInteger(3_000);
  private final AtomicInteger taken = new AtomicInteger();

  @Test
  void aCounterIsFollowedToItsLast() {
    assertThat(KindHashes.countTo(LAST, hash::incrementAndGet)).isTrue();
    assertThat(hash).hasValue(LAST);
  }

  @Test
  void otherThreadsMayTakeHashesAndSetTheCounterBack() {
    boolean reached =
        KindHashes.countTo(
            LAST,
            () ->
                switch (taken.incrementAndGet()) {
                  case 5 -> hash.addAndGet(20);
                  case 7, 900 -> hash.get();
                  case 1_000 -> hash.addAndGet(-400);
                  default -> hash.incrementAndGet();
                });
    assertThat(reached).isTrue();
  }

  @Test
  void aCounterThatIsBeyondItIsLeft() {
    hash.set(LAST);
    assertThat(KindHashes.countTo(LAST, hash::incrementAndGet)).isFalse();
    assertThat(hash.get() - LAST).isLessThan(100);
  }

  @Test
  void oneThatSomethingElseTookIsMissed() {
    assertThat(KindHashes.countTo(LAST, () -> hash.addAndGet(hash.get() == LAST - 1 ? 2 : 1)))
        .isFalse();
  }

  @Test
  void otherHashesAreNotTaken() {
    Random random = new Random(7);
    assertThat(KindHashes.countTo(LAST, () -> count(random.nextInt(Integer.MAX_VALUE)))).isFalse();
    assertThat(KindHashes.countTo(LAST, () -> count(1))).isFalse();
    // Addresses, of objects one after the other.
    assertThat(KindHashes.countTo(LAST, () -> count(hash.addAndGet(16)))).isFalse();
    assertThat(taken.get()).isLessThan(100);
  }

  @Test
  void aCounterThatStopsIsGivenUp() {
    assertThat(KindHashes.countTo(LAST, () -> count(Math.min(hash.incrementAndGet(), 5_000))))
        .isFalse();
    assertThat(taken.get()).isGreaterThan(LAST).isLessThan(3 * LAST);
  }

  private int count(int value) {
    taken.incrementAndGet();
    return value;
  }

  @Test
  void theNextProcessHasTheSameSources() throws Exception {
    Map<String, String> first = sources("first", 0);
    assertThat(first).hasSize(9);
    assertThat(sources("second", 1_234)).isEqualTo(first);
  }

  private Map<String, String> sources(String name, int hashes) throws Exception {
    Path out = Files.createDirectory(folder.resolve(name));
    Path log = folder.resolve(name + ".log");
    int code =
        WriteKernels.run(
            out, log, "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=3", "-Dhashes=" + hashes);
    assertThat(code).as(Files.readString(log)).isZero();
    Map<String, String> sources = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.sorted().toList()) {
        sources.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return sources;
  }
}
