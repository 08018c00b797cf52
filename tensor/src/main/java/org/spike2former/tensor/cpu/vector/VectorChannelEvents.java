package org.spike2former.tensor.cpu.vector;

/**
 * The spikes of a block of pixels that are not zero, as a list for each channel with pixels
 * ascending: {@link VectorSpikeEvents} sorted the other way.
 */
public final class VectorChannelEvents {
  private static final ThreadLocal<VectorChannelEvents> OF_THREAD =
      ThreadLocal.withInitial(VectorChannelEvents::new);

  /** Where the pixel of each event stands. */
  int[] place = new int[0];

  /** Number k of each event. */
  float[] numeral = new float[0];

  /** [mark, channel]: the end of each channel's list when a mark was set. */
  public int[] marks = new int[0];

  private int[] end = new int[0];
  private int channels;

  private VectorChannelEvents() {}

  /** This thread's lists, emptied, with room for so many events in each and so many marks. */
  public static VectorChannelEvents ofThread(int channels, int capacity, int marks) {
    VectorChannelEvents known = OF_THREAD.get();
    if (known.place.length < channels * capacity) {
      known.numeral = new float[channels * capacity];
      known.place = new int[channels * capacity]; // last: its length stands for both
    }
    if (known.marks.length < marks * channels) {
      known.marks = new int[marks * channels];
    }
    if (known.end.length < channels) {
      known.end = new int[channels];
    }
    known.channels = channels;
    for (int c = 0; c < channels; c++) {
      known.end[c] = c * capacity;
    }
    return known;
  }

  /** Notes where every channel's list ends now. */
  public void mark(int index) {
    System.arraycopy(end, 0, marks, index * channels, channels);
  }

  /** Adds the events of one pixel, list {@code list} of {@code pixels}. */
  public void add(VectorSpikeEvents pixels, int list, int at) {
    int[] channel = pixels.channel;
    int last = pixels.begin[list + 1];
    // A counting sort: lists have room for every pixel, so an event goes straight to its channel.
    // Pixels are added in ascending order, and so each list is in the order of accumulation.
    for (int e = pixels.begin[list]; e < last; e++) {
      int to = end[channel[e]]++;
      place[to] = at;
      numeral[to] = pixels.numeral[e];
    }
  }
}
