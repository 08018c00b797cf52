package org.spike2former.tensor.io.torch;

import java.io.IOException;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;

/** The file around a checkpoint's pickle, with the elements of its storages. */
interface Storages extends AutoCloseable {
  /** What the pickle says. */
  Object root();

  /** Where a storage is in the file, for messages. */
  String place(Storage storage);

  /** How many bytes a storage has in the file; 0 if it is not there. */
  long size(Storage storage);

  /**
   * Some bytes of a storage that the file has.
   *
   * @param tensor for messages
   * @throws FormatException if they are damaged
   */
  byte[] read(String tensor, Storage storage, long from, int length) throws IOException;

  @Override
  void close() throws IOException;
}
