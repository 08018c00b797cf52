package org.spike2former.accel.tornado;

import java.util.Arrays;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives TornadoVM's kinds of variables the same identity hashes in every process, where Java counts
 * objects to hash them ({@code -XX:hashCode=3}).
 *
 * <p>TornadoVM declares a kernel's variables in an order that follows from these hashes. With equal
 * ones a kernel has the same source in the next process, by which a driver finds what it has built
 * before. No result depends on it, because the order of declarations means nothing. TornadoVM also
 * tells arrays apart by their hashes: a counter repeats one only where threads count at the same
 * time, and {@link DeviceArrays} makes an array whose hash is taken anew.
 */
final class KindHashes {
  private static final Logger LOG = LoggerFactory.getLogger(KindHashes.class);

  /** More than are taken until a device is opened, some thousands. */
  private static final int FIRST = 1 << 16;

  /** How many hashes show whether they are counted. */
  private static final int LOOK = 16;

  /** The kinds of OpenCL's sources, which are in no API. */
  private static final String KINDS = "uk.ac.manchester.tornado.drivers.opencl.graal.lir.OCLKind";

  private static boolean done;

  private KindHashes() {}

  /** Takes hashes up to a number that is always the same, and then those of the kinds. */
  static synchronized void take() {
    if (done) {
      return;
    }
    done = true;
    try {
      Object[] kinds = Class.forName(KINDS).getEnumConstants();
      boolean counted = countTo(FIRST - 1, () -> new Object().hashCode());
      Arrays.hashCode(kinds);
      LOG.debug(
          "hashes of kinds {} at {}",
          counted ? "begin" : "are arbitrary, one is",
          kinds[0].hashCode());
    } catch (ReflectiveOperationException | LinkageError e) {
      LOG.debug("no kinds of variables to hash: {}", e.toString());
    }
  }

  /**
   * Takes hashes until one is {@code last}.
   *
   * @return whether it is: not if they are no counter, or one that is beyond it
   */
  static boolean countTo(int last, IntSupplier hashes) {
    int hash = hashes.getAsInt();
    int counted = 0;
    for (int i = 0; i < LOOK; i++) {
      int before = hash;
      hash = hashes.getAsInt();
      counted += hash - before == 1 ? 1 : 0;
    }
    // Other threads may take some, and what they take may be counted once.
    if (counted < LOOK / 2) {
      return false;
    }
    for (int i = 0; i < 2 * last && hash < last; i++) {
      hash = hashes.getAsInt();
    }
    return hash == last;
  }
}
