package org.spike2former.train.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Derivatives.Moments;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.BatchStatistics;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.train.BatchGradients;
import org.spike2former.train.BatchResult;

/**
 * A {@link BatchResult} as a block: names, losses, then the gradients one after another and the
 * statistics of the BatchNorms. Parameters are told by their place in the network.
 */
public final class BatchBlock {
  private static final int NONE = -1;

  private final List<Parameter> parameters;
  private final Map<Parameter, Integer> places = new LinkedHashMap<>();

  /** Blocks about the parameters of this network, or of one of the same configuration. */
  public BatchBlock(Network network) {
    parameters = List.copyOf(network.parameters().all());
    for (int i = 0; i < parameters.size(); i++) {
      places.put(parameters.get(i), i);
    }
  }

  /**
   * Copies a result, whose gradients are those of the network's own parameters.
   *
   * @throws IllegalArgumentException if it takes more than 2 GiB
   */
  public byte[] write(BatchResult result) {
    byte[] names = String.join("\n", result.names()).getBytes(StandardCharsets.UTF_8);
    BatchGradients gradients =
        result.gradients() == null ? new BatchGradients(Map.of(), List.of()) : result.gradients();
    ByteBuffer block = RawTensors.block(bytes(names, gradients));
    block.putInt(names.length).put(names);
    block.putDouble(result.loss()).putDouble(result.cls());
    block.putDouble(result.mask()).putDouble(result.dice());
    block.putInt(result.gradients() == null ? NONE : gradients.gradients().size());
    gradients
        .gradients()
        .forEach(
            (parameter, gradient) -> {
              block.putInt(places.get(parameter));
              putTyped(block, gradient);
            });
    block.putInt(gradients.statistics().size());
    for (BatchStatistics each : gradients.statistics()) {
      BatchNorm norm = each.norm();
      putPlace(block, norm.weight());
      putPlace(block, norm.bias());
      putPlace(block, norm.runningMean());
      putPlace(block, norm.runningVar());
      putPlace(block, norm.batchCount());
      block.putInt(each.rows());
      putTyped(block, each.moments().mean());
      putTyped(block, each.moments().variance());
    }
    return block.array();
  }

  private static long bytes(byte[] names, BatchGradients gradients) {
    long bytes = names.length + 4 * Double.BYTES + 3 * Integer.BYTES;
    for (Tensor gradient : gradients.gradients().values()) {
      bytes += Integer.BYTES + typedBytes(gradient);
    }
    for (BatchStatistics each : gradients.statistics()) {
      bytes += 6 * Integer.BYTES;
      bytes += typedBytes(each.moments().mean()) + typedBytes(each.moments().variance());
    }
    return bytes;
  }

  private static long typedBytes(Tensor x) {
    return 1 + RawTensors.bytes(x);
  }

  private static void putTyped(ByteBuffer block, Tensor x) {
    block.put((byte) (x.dtype() == DType.F32 ? 4 : 8));
    RawTensors.put(block, x);
  }

  private static Tensor getTyped(ByteBuffer block, int... shape) {
    return RawTensors.get(block, block.get() == 4 ? DType.F32 : DType.F64, shape);
  }

  private void putPlace(ByteBuffer block, Parameter parameter) {
    block.putInt(parameter == null ? NONE : places.get(parameter));
  }

  private Parameter getPlace(ByteBuffer block) {
    int place = block.getInt();
    return place == NONE ? null : parameters.get(place);
  }

  /** Reads a result, with gradients of the network's own parameters. */
  public BatchResult read(byte[] bytes) {
    ByteBuffer block = RawTensors.block(bytes);
    byte[] joined = new byte[block.getInt()];
    block.get(joined);
    List<String> names = List.of(new String(joined, StandardCharsets.UTF_8).split("\n", -1));
    double loss = block.getDouble();
    double cls = block.getDouble();
    double mask = block.getDouble();
    double dice = block.getDouble();
    int count = block.getInt();
    if (count == NONE) {
      return BatchResult.notFinite(names);
    }
    Map<Parameter, Tensor> gradients = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Parameter parameter = getPlace(block);
      gradients.put(parameter, getTyped(block, parameter.shape()));
    }
    List<BatchStatistics> statistics = new ArrayList<>();
    for (int i = block.getInt(); i > 0; i--) {
      BatchNorm norm =
          new BatchNorm(
              getPlace(block), getPlace(block), getPlace(block), getPlace(block), getPlace(block));
      int rows = block.getInt();
      int channels = norm.channels();
      Moments moments = new Moments(getTyped(block, channels), getTyped(block, channels));
      statistics.add(new BatchStatistics(norm, moments, rows));
    }
    return new BatchResult(names, loss, cls, mask, dice, new BatchGradients(gradients, statistics));
  }
}
