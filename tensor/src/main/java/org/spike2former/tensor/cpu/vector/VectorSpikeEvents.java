package org.spike2former.tensor.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The spikes that are not zero, as lists: one for each stretch of channels of a pixel, in the order
 * in which they were added. Kernels walk a list instead of multiplying zeros.
 */
public final class VectorSpikeEvents {
  private static final int BITS = VectorWidth.BITS;

  /** Lanes of the compressing loop; without 256 bits there is none. */
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));

  private static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, BITS / 4)));
  private static final int LANES = INTS.length();
  private static final IntVector IOTA = IntVector.zero(INTS).addIndex(1);

  private static final ThreadLocal<VectorSpikeEvents> OF_THREAD =
      ThreadLocal.withInitial(VectorSpikeEvents::new);

  /** Channel of each event, counted from its list's first. */
  int[] channel = new int[0];

  /** Number k of each event. */
  float[] numeral = new float[0];

  /** Where each list begins; one more entry is where the last ends. */
  int[] begin = new int[0];

  private int lists;
  private int events;

  private VectorSpikeEvents() {}

  /** This thread's lists, emptied, with room for so many. */
  public static VectorSpikeEvents ofThread(int spikes, int lists) {
    VectorSpikeEvents known = OF_THREAD.get();
    if (known.channel.length < spikes + LANES) {
      known.numeral = new float[spikes + LANES];
      known.channel = new int[spikes + LANES]; // last: its length stands for both
    }
    if (known.begin.length <= lists) {
      known.begin = Arrays.copyOf(known.begin, lists + 1);
    }
    known.lists = 0;
    known.events = 0;
    known.begin[0] = 0;
    return known;
  }

  public int size() {
    return events;
  }

  public int lists() {
    return lists;
  }

  /** Adds the list of {@code spikes[from…from + length]}. */
  public void add(byte[] spikes, int from, int length) {
    int e = events;
    int i = 0;
    if (BITS >= 256) {
      // No branch on a spike, which would be mispredicted: the lanes that fired move to the front,
      // a whole vector is stored, and what it wrote past the last event is overwritten by the next.
      // Hence the room for one vector more.
      for (; i <= length - LANES; i += LANES) {
        IntVector k =
            (IntVector)
                ByteVector.fromArray(BYTES, spikes, from + i)
                    .convertShape(VectorOperators.B2I, INTS, 0);
        VectorMask<Integer> fired = k.compare(VectorOperators.NE, 0);
        IOTA.add(i).compress(fired).intoArray(channel, e);
        ((FloatVector) k.convertShape(VectorOperators.I2F, FLOATS, 0))
            .compress(fired.cast(FLOATS))
            .intoArray(numeral, e);
        e += fired.trueCount();
      }
    }
    // The same for one at a time: always written, counted if it fired.
    for (; i < length; i++) {
      byte k = spikes[from + i];
      channel[e] = i;
      numeral[e] = k;
      e += k == 0 ? 0 : 1;
    }
    events = e;
    begin[++lists] = e;
  }
}
