package org.spike2former.accel.tornado.kernels;

import org.spike2former.accel.operation.Buffer;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The arrays in which a plan's buffers lie, parts in their whole's; they may be longer. */
public interface Arrays {
  /** The array of a buffer of FLOATS. */
  FloatArray floats(Buffer buffer);

  /** The array of a buffer of BYTES. */
  ByteArray bytes(Buffer buffer);

  /** The array of a buffer of INTS. */
  IntArray ints(Buffer buffer);
}
