package org.spike2former.tensor.io;

/**
 * What reading a file of tensors, or making a network of a configuration, may cost. Each limit is
 * held before memory is taken, is named in messages, and can be set as a system property, as in
 * {@code S2F_JAVA_OPTS=-Ds2f.max-tensors=200000}.
 */
public enum FileLimit {
  /** Tensors of a file. */
  TENSORS("s2f.max-tensors", 100_000),
  /** Bytes of the header of a safetensors file, or of the index of a sharded checkpoint. */
  HEADER_BYTES("s2f.max-header-bytes", 16 << 20),
  /** Operations of a pickle; a checkpoint takes some 30 for a tensor. */
  PICKLE_OPERATIONS("s2f.max-pickle-operations", 2_000_000),
  /** Bytes that the values of a pickle may take, besides twice its own size. */
  PICKLE_MEMORY("s2f.max-pickle-memory", 40 << 20),
  /** Bytes of text in a pickle; all names of all tensors stay far below. */
  PICKLE_TEXT("s2f.max-pickle-text", 64 << 20),
  /** Values that are looked at to find the state dict; files may share them among dictionaries. */
  CHECKPOINT_VALUES("s2f.max-checkpoint-values", 2_000_000),
  /** Characters in all names of a state dict. */
  NAME_CHARACTERS("s2f.max-name-characters", 32 << 20),
  /** Bytes that tensors may have beyond four times those of the file's storages. */
  SHARED_BYTES("s2f.max-shared-bytes", 64 << 20),
  /** Bytes that compressed entries may inflate to beyond a hundred times the file's size. */
  INFLATED_BYTES("s2f.max-inflated-bytes", 64 << 20),
  /** Tensors of a network that a configuration describes; published ones have some 1,500. */
  NETWORK_TENSORS("s2f.max-network-tensors", 20_000),
  /** Numbers in the tensors of such a network. */
  NETWORK_ELEMENTS("s2f.max-network-elements", 4_000_000_000L);

  private final Limit limit;

  FileLimit(String property, long usual) {
    limit = new Limit(property, usual);
  }

  /**
   * The limit in force.
   *
   * @throws IllegalArgumentException if it is set to anything but a positive integer
   */
  public long value() {
    return limit.value();
  }

  /** As in "100000 tensors (-Ds2f.max-tensors)". */
  public String of(String what) {
    return limit.of(what);
  }
}
