package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.spike2former.tensor.Tensor;

/**
 * An open file of named tensors. Opening has checked the whole layout; only {@link #read} touches
 * the elements.
 *
 * <p>A name that the file lacks is an {@link IllegalArgumentException} that names both.
 */
public interface TensorArchive extends AutoCloseable {
  /** The file. */
  Path path();

  /** Names of the tensors in file order. */
  List<String> names();

  /** Element type in the file. */
  ElementType type(String name);

  /** Shape; empty for a scalar. */
  int[] shape(String name);

  /**
   * A row-major copy of a tensor as real numbers: float64 for F64, I32 and I64, float32 for all
   * other types.
   *
   * @throws FormatException if the elements turn out to be damaged
   */
  Tensor read(String name) throws IOException;

  /**
   * A row-major copy of the bytes of a tensor of a one-byte type (U8, I8, BOOL).
   *
   * @throws IllegalArgumentException if it has a wider type
   * @throws FormatException if the elements turn out to be damaged
   */
  byte[] readBytes(String name) throws IOException;

  @Override
  void close() throws IOException;
}
