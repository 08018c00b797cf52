package org.spike2former.verify.folder;

import java.io.IOException;
import java.nio.file.Path;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/** Reads tensors of a recording that must be there. */
public final class Recorded implements AutoCloseable {
  private final TensorArchive archive;

  private Recorded(TensorArchive archive) {
    this.archive = archive;
  }

  public static Recorded open(Path file) throws IOException {
    return new Recorded(TensorFiles.open(file));
  }

  public Path path() {
    return archive.path();
  }

  public Iterable<String> names() {
    return archive.names();
  }

  public boolean has(String name) {
    return archive.names().contains(name);
  }

  /**
   * A tensor of this rank.
   *
   * @throws FormatException if there is none
   */
  public Tensor read(String name, int rank) throws IOException {
    require(name, rank);
    return archive.read(name);
  }

  /** A tensor of any rank. */
  public Tensor read(String name) throws IOException {
    return archive.read(name);
  }

  /** All numbers of a tensor. */
  public double[] numbers(String name) throws IOException {
    require(name, -1);
    return archive.read(name).to(DType.F64).doubles();
  }

  /** Label maps, which files hold as bytes. */
  public Tensor labels(String name, int rank) throws IOException {
    require(name, rank);
    if (archive.type(name) != ElementType.U8) {
      throw new FormatException(path(), name + ": expected U8, found " + archive.type(name));
    }
    return Tensor.labels(archive.readBytes(name), archive.shape(name));
  }

  private void require(String name, int rank) throws FormatException {
    if (!has(name)) {
      throw new FormatException(path(), "has no tensor " + name);
    }
    int found = archive.shape(name).length;
    if (rank >= 0 && found != rank) {
      throw new FormatException(path(), name + ": expected " + rank + " axes, found " + found);
    }
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
