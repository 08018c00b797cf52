package org.spike2former.data.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spike2former.data.event.EventFormat.TimeUnit;

/** Against frames that are computed from whole lists, by the definitions. */
class WindowsTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final int COUNT = 2000;
  private static final EventFormat FORMAT =
      new EventFormat("xytp", TimeUnit.NS, false, false, WIDTH, HEIGHT);

  private record Event(int x, int y, long t, boolean p) {}

  private static List<Event> events() {
    Random random = new Random(5);
    List<Event> events = new ArrayList<>();
    long t = 1_000_000;
    for (int i = 0; i < COUNT; i++) {
      t += random.nextInt(10) == 0 ? random.nextInt(4000) : random.nextInt(100);
      events.add(new Event(random.nextInt(WIDTH), random.nextInt(HEIGHT), t, random.nextBoolean()));
    }
    return events;
  }

  private static List<float[]> windows(List<Event> events, FrameMaker maker, Windows.Rule rule)
      throws IOException {
    List<float[]> files = new ArrayList<>();
    Windows windows =
        new Windows(
            FORMAT,
            maker,
            rule,
            (number, planes) -> {
              assertThat(number).isEqualTo(files.size());
              files.add(planes.clone());
            });
    for (Event event : events) {
      windows.event(event.x, event.y, event.t, event.p);
    }
    assertThat(windows.files()).isEqualTo(files.size());
    return files;
  }

  /** With the definition of the voxel grid, a sum over all events and bins. */
  private static double[] voxels(List<Event> events, int bins, double first, double last) {
    double[] frame = new double[HEIGHT * WIDTH * bins];
    for (Event event : events) {
      double time = (bins - 1) * (event.t - first) / (last - first);
      for (int b = 0; b < bins; b++) {
        double weight = Math.max(0, 1 - Math.abs(time - b));
        frame[(event.y * WIDTH + event.x) * bins + b] += event.p ? weight : -weight;
      }
    }
    return frame;
  }

  private static double[] counts(List<Event> events) {
    double[] frame = new double[HEIGHT * WIDTH * 2];
    events.forEach(event -> frame[(event.y * WIDTH + event.x) * 2 + (event.p ? 1 : 0)]++);
    return frame;
  }

  private static void assertClose(float[] found, int frame, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[frame * expected.length + i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void windowsOfTimeBeginWithTheFirstEvent() throws IOException {
    List<Event> events = events();
    long start = events.getFirst().t;
    long length = 10_000;
    int whole = (int) ((events.getLast().t - start) / length);
    List<float[]> counts = windows(events, FrameMaker.COUNTS, rule(length, 0, 1));
    List<float[]> voxels = windows(events, new FrameMaker.VoxelGrid(4), rule(length, 0, 1));
    assertThat(counts).hasSize(whole);
    for (int i = 0; i < whole; i++) {
      long begin = start + i * length;
      List<Event> inside =
          events.stream().filter(e -> e.t >= begin && e.t < begin + length).toList();
      assertClose(counts.get(i), 0, counts(inside));
      assertClose(voxels.get(i), 0, voxels(inside, 4, begin, begin + length));
    }
  }

  @Test
  void windowsOfANumberOfEventsGoFromTheirFirstToTheirLast() throws IOException {
    List<Event> events = events();
    int each = 130;
    List<float[]> counts = windows(events, FrameMaker.COUNTS, rule(0, each, 3));
    List<float[]> voxels = windows(events, new FrameMaker.VoxelGrid(5), rule(0, each, 3));
    assertThat(counts).hasSize(COUNT / each / 3);
    for (int i = 0; i < counts.size() * 3; i++) {
      List<Event> inside = events.subList(i * each, (i + 1) * each);
      assertClose(counts.get(i / 3), i % 3, counts(inside));
      assertClose(
          voxels.get(i / 3), i % 3, voxels(inside, 5, inside.getFirst().t, inside.getLast().t));
    }
  }

  @Test
  void emptyWindowsAreFramesToo() throws IOException {
    List<Event> events =
        List.of(new Event(0, 0, 0, true), new Event(1, 0, 35, true), new Event(1, 0, 40, true));
    List<float[]> files = windows(events, FrameMaker.COUNTS, rule(10, 0, 2));
    assertThat(files).hasSize(2);
    assertThat(sum(files.get(0))).isEqualTo(1);
    assertThat(sum(files.get(1))).isEqualTo(1);
    Windows windows = new Windows(FORMAT, FrameMaker.COUNTS, rule(10, 0, 2), (_, _) -> {});
    for (Event event : events) {
      windows.event(event.x, event.y, event.t, event.p);
    }
    assertThat(windows.leftOver()).isEqualTo(1);
  }

  private static double sum(float[] frame) {
    double sum = 0;
    for (float value : frame) {
      sum += value;
    }
    return sum;
  }

  /** Of events at one time all are at the window's begin. */
  @Test
  void aWindowMayHaveNoLength() throws IOException {
    List<Event> events = List.of(new Event(0, 0, 9, true), new Event(0, 0, 9, false));
    float[] frame = windows(events, new FrameMaker.VoxelGrid(3), rule(0, 2, 1)).getFirst();
    assertThat(frame).containsOnly(0);
    assertThat(windows(events, new FrameMaker.VoxelGrid(1), rule(0, 1, 2)).getFirst())
        .startsWith(1);
  }

  @Test
  void aGapThatIsTooLongIsRefused() {
    Windows.Rule rule = new Windows.Rule(10, 0, 1, 3);
    List<Event> events = List.of(new Event(0, 0, 0, true), new Event(0, 0, 1L << 60, true));
    assertThatThrownBy(() -> windows(events, FrameMaker.COUNTS, rule))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("more than 3 files of frames");
  }

  @Test
  void rulesAreChecked() {
    assertThatThrownBy(() -> rule(0, 0, 1))
        .hasMessage("expected a time above 0, or a number of events");
    assertThatThrownBy(() -> rule(5, 5, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rule(0, 10_000_001, 1)).hasMessageContaining("10000000 events");
    EventFormat large = new EventFormat("xytp", TimeUnit.NS, false, false, 16_384, 16_384);
    assertThatThrownBy(() -> new Windows(large, FrameMaker.COUNTS, rule(1, 0, 1), (_, _) -> {}))
        .hasMessage("1 frames of 16384x16384 pixels and 2 channels are more than a file may have");
    assertThat(Arrays.asList(TimeUnit.values())).extracting(TimeUnit::word).contains("us", "ms");
  }

  private static Windows.Rule rule(long nanos, int events, int steps) {
    return new Windows.Rule(nanos, events, steps, 1000);
  }
}
