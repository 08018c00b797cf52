package org.spike2former.data.event;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Cuts a stream of events into windows, and makes frames of them: windows of a fixed time, from the
 * first event on, or of a fixed number of events. T windows in a row make a file [T, H, W, C]. What
 * is left over at the end, less than T whole windows, is left out: a window counts as whole when an
 * event comes after it, or when it has its number of events.
 */
public final class Windows implements EventReader.Sink {
  /** Most events of a window by number, which are held in memory. */
  public static final int MAX_EVENTS = 10_000_000;

  /** Takes frames. */
  @FunctionalInterface
  public interface Output {
    /**
     * Takes the frames of a file.
     *
     * @param file its number, from 0
     * @param planes [T, H, W, C], which is used again afterwards
     */
    void frames(long file, float[] planes) throws IOException;
  }

  /**
   * How windows are cut.
   *
   * @param nanos how long a window is; 0: it has a number of events
   * @param events how many a window has; 0: it has a time
   * @param steps T, windows of a file
   * @param maxFiles more are refused
   */
  public record Rule(long nanos, int events, int steps, long maxFiles) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException naming the one that is out of range
     */
    public Rule {
      if (nanos < 0 || nanos > Long.MAX_VALUE / 4 || (nanos == 0) == (events == 0)) {
        throw new IllegalArgumentException("expected a time above 0, or a number of events");
      }
      if (events < 0 || events > MAX_EVENTS) {
        throw new IllegalArgumentException(
            "expected 1 to " + MAX_EVENTS + " events of a window, found " + events);
      }
      if (steps < 1 || maxFiles < 1) {
        throw new IllegalArgumentException("expected at least 1 window of a file, and 1 file");
      }
    }
  }

  private final EventFormat format;
  private final FrameMaker maker;
  private final Rule rule;
  private final Output output;
  private final float[] planes;
  private final int frame;

  /** Of windows by number: the events of the one that is not yet whole. */
  private final int[] pixels;

  private final long[] times;
  private final boolean[] polarities;
  private long begin;
  private boolean begun;
  private int step;
  private int held;
  private long files;
  private long pending;

  /**
   * Begins with an empty window.
   *
   * @throws IllegalArgumentException if the frames of a file would be too large
   */
  public Windows(EventFormat format, FrameMaker maker, Rule rule, Output output) {
    this.format = format;
    this.maker = maker;
    this.rule = rule;
    this.output = output;
    long numbers = (long) format.height() * format.width() * maker.channels();
    if (numbers * rule.steps() > Integer.MAX_VALUE / 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d frames of %dx%d pixels and %d channels are more than a file may have",
              rule.steps(),
              format.width(),
              format.height(),
              maker.channels()));
    }
    frame = (int) numbers;
    planes = new float[frame * rule.steps()];
    pixels = new int[rule.events()];
    times = new long[rule.events()];
    polarities = new boolean[rule.events()];
  }

  @Override
  public void event(int x, int y, long nanos, boolean positive) throws IOException {
    int pixel = y * format.width() + x;
    if (rule.events() > 0) {
      pixels[held] = pixel;
      times[held] = nanos;
      polarities[held] = positive;
      held++;
      pending++;
      if (held == rule.events()) {
        addHeld();
        held = 0;
        end();
      }
      return;
    }
    begin = begun ? begin : nanos;
    begun = true;
    while (nanos - begin >= rule.nanos()) {
      end();
      begin += rule.nanos();
    }
    double phase = (double) (nanos - begin) / rule.nanos();
    maker.add(planes, step * frame, pixel, phase, positive);
    pending++;
  }

  /** From the first event of the window, at 0, to its last, at 1. */
  private void addHeld() {
    long first = times[0];
    double length = times[held - 1] - first;
    for (int i = 0; i < held; i++) {
      double phase = length == 0 ? 0 : (times[i] - first) / length;
      maker.add(planes, step * frame, pixels[i], phase, polarities[i]);
    }
  }

  private void end() throws IOException {
    step++;
    if (step == rule.steps()) {
      if (files == rule.maxFiles()) {
        throw new IOException(
            "more than "
                + rule.maxFiles()
                + " files of frames; is the time of a window right? Else raise --max-files");
      }
      output.frames(files++, planes);
      Arrays.fill(planes, 0);
      step = 0;
      pending = 0;
    }
  }

  /** How many files there are so far. */
  public long files() {
    return files;
  }

  /** Events since the last file, which are in none. */
  public long leftOver() {
    return pending;
  }
}
