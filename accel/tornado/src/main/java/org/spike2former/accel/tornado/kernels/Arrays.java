package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Lanes;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What launches are made of: the arrays in which a plan's buffers lie, parts in their whole's,
 * which may be longer; and how a device shares out channels.
 */
public interface Arrays {
  /** How kernels that have a choice share out channels. */
  Lanes lanes();

  /** The array of a buffer of FLOATS. */
  FloatArray floats(Buffer buffer);

  /** The array of a buffer of BYTES. */
  ByteArray bytes(Buffer buffer);

  /** The array of a buffer of INTS. */
  IntArray ints(Buffer buffer);

  /**
   * An array of sizes. What a kernel is given as numbers becomes constants of its source; sizes
   * that it reads from an array leave layers of all sizes one source.
   */
  default IntArray sizes(int... sizes) {
    return IntArray.fromArray(sizes);
  }
}
