package org.spike2former.verify.folder;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.verify.compare.ComparisonKind;

/** One file of recorded tensors in PyTorch's layout. Elements are read when asked for. */
public final class RecordedFile {
  /** The network's input and the image it came from: given, not compared. */
  private static final Set<String> INPUTS = Set.of("input", "input_u8");

  private final ComparisonKind kind;
  private final TensorArchive archive;
  private final Set<String> names;

  RecordedFile(ComparisonKind kind, TensorArchive archive) {
    this.kind = kind;
    this.archive = archive;
    this.names = new LinkedHashSet<>(archive.names());
    names.removeAll(INPUTS);
  }

  public ComparisonKind kind() {
    return kind;
  }

  /** Names to compare, in file order. */
  public Set<String> names() {
    return names;
  }

  public boolean has(String name) {
    return names.contains(name);
  }

  public int[] shape(String name) {
    return archive.shape(name);
  }

  /** A recorded tensor of real numbers. */
  public Tensor read(String name) throws IOException {
    return archive.read(name);
  }

  /**
   * Recorded spikes k, of scale 1.
   *
   * @throws FormatException if they are not bytes in 0…{@code maxSpikes}
   */
  public Tensor readSpikes(String name, int maxSpikes) throws IOException {
    if (archive.type(name) != ElementType.U8) {
      throw new FormatException(
          archive.path(), name + ": expected spikes of type U8, found " + archive.type(name));
    }
    byte[] spikes = archive.readBytes(name);
    for (byte k : spikes) {
      if (k < 0 || k > maxSpikes) {
        throw new FormatException(
            archive.path(), name + ": expected spikes in 0…" + maxSpikes + ", found " + (k & 0xff));
      }
    }
    return Tensor.spikes(spikes, 1, shape(name));
  }
}
