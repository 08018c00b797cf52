package org.spike2former.data.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.Tally;

/** Passes on this machine. */
class PassRunnerTest {
  private static final int IMAGES = 12;

  /** Numbers of images. */
  private static final class Numbers implements Tally<Numbers> {
    private static final long serialVersionUID = 1;
    private final ArrayList<Integer> numbers = new ArrayList<>();

    @Override
    public void add(Numbers next) {
      numbers.addAll(next.numbers);
    }
  }

  /** Notes what is worked on; one image may fail. */
  private static final class Pass implements ImagePass<Integer, Numbers> {
    private final int lanes;
    private final int broken;
    private final CountDownLatch together;
    private final AtomicInteger working = new AtomicInteger();
    private volatile boolean begun;

    /** Its first images wait for each other, as many as there are lanes. */
    Pass(int lanes, int broken) {
      this.lanes = lanes;
      this.broken = broken;
      together = new CountDownLatch(Math.min(lanes, IMAGES));
    }

    @Override
    public int size() {
      return IMAGES;
    }

    @Override
    public int lanes() {
      return lanes;
    }

    @Override
    public Path file(int i) {
      return Path.of("" + i);
    }

    @Override
    public void begin() {
      begun = true;
    }

    @Override
    public Integer read(int i) {
      return i;
    }

    @Override
    public Numbers compute(int i, Source<Integer> image) throws IOException {
      assertThat(begun).isTrue();
      working.incrementAndGet();
      try {
        together.countDown();
        assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
        if (i == broken) {
          throw new IOException("image " + i);
        }
        Numbers found = none();
        found.numbers.add(image.get());
        return found;
      } catch (InterruptedException e) {
        throw new IOException(e);
      } finally {
        working.decrementAndGet();
      }
    }

    @Override
    public Numbers none() {
      return new Numbers();
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 50})
  void resultsComeInTheOrderOfTheImages(int lanes) throws IOException {
    Numbers all = new Numbers();
    PassRunner.LOCAL.run(new Pass(lanes, -1), (_, part) -> all.add(part));
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      expected.add(i);
    }
    assertThat(all.numbers).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void afterAFailureNothingIsBeingWorkedOn(int lanes) {
    for (int broken = 0; broken < IMAGES; broken++) {
      Pass pass = new Pass(lanes, broken);
      Numbers all = new Numbers();
      assertThatThrownBy(() -> PassRunner.LOCAL.run(pass, (_, part) -> all.add(part)))
          .isInstanceOf(IOException.class)
          .hasMessage("image " + broken);
      assertThat(all.numbers).hasSize(broken);
      assertThat(pass.working).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aListenerMayEndIt(int lanes) {
    Pass pass = new Pass(lanes, -1);
    assertThatThrownBy(
            () ->
                PassRunner.LOCAL.run(
                    pass,
                    (_, part) -> {
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(pass.working).hasValue(0);
  }
}
