package org.spike2former.train.wire;

import java.nio.ByteBuffer;
import java.util.List;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.optimiser.Ema;

/**
 * The values of a network in training, one after another in the order of its parameters: weights
 * and running statistics. Counts of batches, which no pass reads, are left out.
 */
public final class NetworkBlock {
  private NetworkBlock() {}

  /**
   * Copies a network's values.
   *
   * @throws IllegalArgumentException if they take more than 2 GiB
   */
  public static byte[] write(Network network) {
    List<Tensor> values = values(network);
    ByteBuffer block = RawTensors.block(bytes(values));
    values.forEach(value -> RawTensors.put(block, value));
    return block.array();
  }

  /**
   * Overwrites the values of a network of the same configuration and real type.
   *
   * @throws IllegalArgumentException if the block is that of another network
   */
  public static void read(byte[] bytes, Network network) {
    List<Tensor> values = values(network);
    if (bytes.length != bytes(values)) {
      throw new IllegalArgumentException(
          "weights of " + bytes.length + " bytes for a network of " + bytes(values));
    }
    ByteBuffer block = RawTensors.block(bytes);
    values.forEach(value -> RawTensors.get(block, value));
  }

  /** The size of a network's block. */
  public static long bytes(Network network) {
    return bytes(values(network));
  }

  private static long bytes(List<Tensor> values) {
    return values.stream().mapToLong(RawTensors::bytes).sum();
  }

  private static List<Tensor> values(Network network) {
    return network.parameters().all().stream()
        .filter(parameter -> !parameter.name().endsWith(Ema.BATCH_COUNT))
        .map(Parameter::value)
        .toList();
  }
}
