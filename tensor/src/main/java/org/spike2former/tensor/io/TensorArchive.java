package org.spike2former.tensor.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.spike2former.tensor.Tensor;

/**
 * An open file of named tensors. Opening has checked the whole layout; only {@link #read} touches
 * the elements.
 *
 * <p>A name that the file lacks is an {@link IllegalArgumentException} that names both.
 */
public interface TensorArchive extends AutoCloseable {
  /**
   * Something in a file that is not read.
   *
   * @param key where it is; printable, as is the description
   * @param description what it is, such as {@code argparse.Namespace} or {@code dict of 3}
   */
  record Unread(String key, String description) {}

  /** The file. */
  Path path();

  /** Names of the tensors in file order. */
  List<String> names();

  /** Element type in the file; {@link ElementType#OTHER} for a tensor that cannot be read. */
  ElementType type(String name);

  /** Shape; empty for a scalar, and where a tensor that cannot be read does not tell it. */
  int[] shape(String name);

  /**
   * A row-major copy of a tensor as real numbers: float64 for F64, I32 and I64, float32 for all
   * other types.
   *
   * @throws FormatException if the elements turn out to be damaged, or cannot be read
   */
  Tensor read(String name) throws IOException;

  /**
   * Reads a tensor as {@link #read} does, also when this archive is closed, as often as it is asked
   * to. It throws {@link java.io.UncheckedIOException} if the file no longer holds the same bytes.
   *
   * @return null if such a tensor cannot be read by itself
   * @throws FormatException as {@link #read}
   */
  default Supplier<Tensor> reader(String name) throws IOException {
    return null;
  }

  /**
   * A row-major copy of the bytes of a tensor of a one-byte type (U8, I8, BOOL).
   *
   * @throws IllegalArgumentException if it has a wider type
   * @throws FormatException if the elements turn out to be damaged
   */
  byte[] readBytes(String name) throws IOException;

  /** The keys, joined with dots, under which the tensors lie in the file; empty at the top. */
  default String container() {
    return "";
  }

  /** Keys, joined with dots, under which other tensors lie that could be taken instead. */
  default List<String> otherContainers() {
    return List.of();
  }

  /** What else is in the file, apart from tensors. */
  default List<Unread> unread() {
    return List.of();
  }

  @Override
  void close() throws IOException;
}
