package org.spike2former.accel;

import java.util.Collection;
import java.util.stream.Stream;
import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.operation.LocalTile;
import org.spike2former.accel.operation.Move;
import org.spike2former.accel.operation.Neuron;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.accel.operation.Prediction;
import org.spike2former.accel.operation.Resize;
import org.spike2former.tensor.layer.Window;

/**
 * What a launch of a plan asks of a device.
 *
 * @param step the launch
 * @param read bytes of its inputs, weights and tables, each once
 * @param written bytes of its outputs
 * @param operations float or integer operations, two for a multiply-add; those by zero spikes and
 *     outside the map included, conversions and comparisons not
 * @param integer whether they are of integers
 * @param workItems work-items that compute, by the kernels' tiles
 */
public record LaunchWork(
    Step step, long read, long written, long operations, boolean integer, long workItems) {
  /** Pixels or rows of a work-item of dense layers and products. */
  private static final int ROWS = 4;

  /** Operations of exponential function, division and what is around them. */
  private static final int SIGMOID = 24;

  /** A bilinear mean: six products, five sums. */
  private static final int MEAN = 11;

  /** Samples of a pixel, in four corners each. */
  private static final int SAMPLES = 9 * 4;

  /**
   * What a step asks for; of a step of the host only the transfers.
   *
   * @param lanes how the device shares out channels
   */
  public static LaunchWork of(Step step, Lanes lanes) {
    Operation operation = step.operation();
    boolean integer =
        switch (operation) {
          case Attention _, Int8Convolution _, Finished(Int8Convolution _, _) -> true;
          case Finished(Attention.QueryValue _, _) -> true;
          default -> false;
        };
    return new LaunchWork(
        step,
        read(operation),
        written(operation),
        operations(operation),
        integer,
        items(operation, lanes));
  }

  /** The sum of some, of no step; its operations are of floats only if all are. */
  public static LaunchWork sum(Collection<LaunchWork> all) {
    return new LaunchWork(
        null,
        all.stream().mapToLong(LaunchWork::read).sum(),
        all.stream().mapToLong(LaunchWork::written).sum(),
        all.stream().mapToLong(LaunchWork::operations).sum(),
        all.stream().anyMatch(LaunchWork::integer),
        all.stream().mapToLong(LaunchWork::workItems).sum());
  }

  /** Bytes that move. */
  public long bytes() {
    return read + written;
  }

  private static long read(Operation operation) {
    if (operation instanceof Move.Copy copy) {
      return (long) copy.length() * copy.x().type().bytes();
    }
    Stream<Buffer> inputs = operation.inputs().stream().distinct();
    return inputs.filter(buffer -> !isPlaceholder(operation, buffer)).mapToLong(Buffer::bytes).sum()
        - unread(operation);
  }

  /** What a launch names and does not touch. */
  private static boolean isPlaceholder(Operation operation, Buffer buffer) {
    return switch (operation) {
      case Finished finished -> finished.finish().isPlaceholder(buffer);
      case Convolution layer -> layer.finish().isPlaceholder(buffer);
      case Int8Convolution layer when layer.isPacked() -> layer.finish().isPlaceholder(buffer);
      case Elementwise.Chain chain -> chain.finish().isPlaceholder(buffer);
      default -> false;
    };
  }

  /** Bytes of a buffer beside the part that is read. */
  private static long unread(Operation operation) {
    return operation instanceof Finished(Convolution layer, _)
        ? layer.x().whole().bytes() - layer.x().bytes()
        : 0;
  }

  private static long written(Operation operation) {
    return operation instanceof Move.Copy
        ? read(operation)
        : operation.outputs().stream().mapToLong(Buffer::bytes).sum();
  }

  private static long operations(Operation operation) {
    return switch (operation) {
      case Convolution layer -> 2 * multiplyAdds(layer.window(), layer.weights());
      case Padded padded -> operations(padded.layer());
      case Int8Convolution layer -> 2 * layer.multiplyAdds();
      case Finished finished -> operations(finished.of());
      case Neuron _, Move _, HostCall _, Prediction.Argmax _ -> 0;
      case Elementwise.Softmax softmax -> (long) SIGMOID * softmax.output().length();
      case Elementwise.Sigmoid sigmoid -> (long) SIGMOID * sigmoid.output().length();
      case Elementwise.MeanTime mean -> mean.x().length();
      case Elementwise.Chain chain -> 2L * chain.finish().length();
      case Elementwise.Affine affine -> 2L * affine.output().length();
      case Elementwise.AddScaled scaled -> 2L * scaled.output().length();
      case Elementwise elementwise -> elementwise.output().length();
      case Attention half -> attention(half);
      case DeformSample sample -> 2L * SAMPLES * sample.output().length();
      case Resize resize ->
          (resize.kind() == Operation.Kind.RESIZE_SIGMOID ? MEAN + SIGMOID : MEAN)
              * (long) resize.pixels()
              * resize.channels();
      case Prediction.Product product ->
          2L * product.n() * product.rows() * product.columns() * product.depth();
    };
  }

  private static long multiplyAdds(Window window, Buffer weights) {
    return (long) window.outPixels() * weights.length();
  }

  private static long attention(Attention half) {
    return switch (half) {
      case Attention.KeyValue(Attention.Extents e, _, _, Buffer out) ->
          2L * e.keys() * out.length();
      case Attention.QueryValue(Attention.Extents e, _, _, _, Buffer out) ->
          2L * e.width() * out.length();
      case Attention.QueryKey(Attention.Extents e, _, _, Buffer out) ->
          2L * e.width() * out.length();
      case Attention.ScoreValue(Attention.Extents e, _, _, _, Buffer out) ->
          2L * e.keys() * out.length();
    };
  }

  private static long items(Operation operation, Lanes lanes) {
    return switch (operation) {
      case Convolution layer -> layer(layer, lanes);
      case Int8Convolution layer when layer.isPacked() ->
          groups(layer.window().outPixels()) * layer.window().cout() / layer.packedChannels();
      case Int8Convolution layer -> layer(layer.depthwise(), layer.window(), Lanes.VECTORS);
      case Padded padded -> {
        Window g = padded.layer().window();
        yield (long) g.outPixels()
            * g.cout()
            / lanes.channelsOfOnePixel(g.cout() / padded.planes());
      }
      case Finished finished -> items(finished.of(), lanes);
      case Attention.QueryKey half -> half.output().length();
      case Attention.KeyValue(Attention.Extents e, _, _, Buffer out) ->
          e.itemsForKeys() == 1
              ? out.length() / lanes.channels(e.valueWidth())
              : (long) out.length() / Lanes.VECTORS.channels(e.valueWidth()) * e.itemsForKeys();
      case Attention.QueryValue(Attention.Extents e, _, _, _, Buffer out) ->
          out.length() / lanes.channels(e.valueWidth());
      case Attention.ScoreValue(Attention.Extents e, _, _, _, Buffer out) ->
          out.length() / lanes.channels(e.valueWidth());
      case DeformSample sample ->
          sample.output().length() / lanes.channels(sample.channels() / sample.groups());
      case Resize resize ->
          resize.kind() == Operation.Kind.RESIZE_ARGMAX
              ? resize.pixels()
              : (long) resize.pixels() * resize.channels() / lanes.channels(resize.channels());
      case Prediction.Product product -> product(product);
      case Elementwise.Softmax softmax -> softmax.output().length() / softmax.width();
      case Move.Copy copy -> copy.length();
      case HostCall _ -> 0;
      default -> operation.output().length();
    };
  }

  private static long layer(Convolution layer, Lanes lanes) {
    return lanes.inLocalMemory(layer)
        ? new LocalTile(layer.window()).workItems()
        : layer(layer.depthwise(), layer.window(), lanes);
  }

  private static long layer(boolean depthwise, Window g, Lanes lanes) {
    return depthwise
        ? (long) g.outPixels() * g.cout() / lanes.channelsOfOnePixel(g.cout())
        : groups(g.outPixels()) * g.cout() / lanes.channels(g.cout());
  }

  private static long product(Prediction.Product product) {
    if (product.values() != null) {
      return product.output().length();
    }
    long rows = product.n() * groups(product.rows());
    return product.kind() == Operation.Kind.PRODUCT_ARGMAX
        ? rows
        : rows * product.columns() / Lanes.VECTORS.channels(product.columns());
  }

  private static long groups(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }
}
