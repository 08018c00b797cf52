package org.spike2former.accel.fpga;

import static org.spike2former.accel.fpga.KernelShape.INPUTS;
import static org.spike2former.accel.fpga.KernelShape.LANES;
import static org.spike2former.accel.fpga.KernelShape.LINE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.accel.fpga.KernelShape.Kind;
import org.spike2former.tensor.layer.Int8Layer;

/**
 * A call's arrays as a kernel's arguments: little-endian, of whole lines of 64 bytes. Channels that
 * only fill a group or a line have weights, spikes and floats of 0 and thresholds that no sum
 * reaches.
 */
final class Packing {
  private final KernelShape shape;

  Packing(KernelShape shape) {
    this.shape = shape;
  }

  /** What the kernel reads, in the order of its arguments. */
  List<ByteBuffer> inputs(Int8Call call) {
    List<ByteBuffer> inputs = new ArrayList<>();
    inputs.add(bytes(call.x(), shape.inPixels(), shape.window().cin(), shape.inLines()));
    inputs.add(weights(call.layer()));
    if (shape.isSpikes()) {
      inputs.add(thresholds(call.layer()));
    } else {
      inputs.add(floats(call.layer().scale(), 1));
      inputs.add(floats(call.layer().bias(), 1));
    }
    if (call.residual() != null) {
      inputs.add(floats(call.residual(), shape.window().outPixels()));
    }
    return inputs;
  }

  /** What the kernel must write. */
  ByteBuffer output(Int8Call call) {
    int pixels = shape.window().outPixels();
    return switch (call.result()) {
      case byte[] spikes -> bytes(spikes, pixels, shape.window().cout(), shape.outLines());
      case float[] floats -> floats(floats, pixels);
      default -> throw new IllegalArgumentException("neither spikes nor floats");
    };
  }

  private static ByteBuffer buffer(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Pixels of bytes, each in whole lines. */
  private static ByteBuffer bytes(byte[] from, int pixels, int channels, int lines) {
    ByteBuffer to = buffer((long) pixels * lines * LINE);
    for (int p = 0; p < pixels; p++) {
      to.put(p * lines * LINE, from, p * channels, channels);
    }
    return to;
  }

  /** Pixels of floats, each in whole lines, which are groups. */
  private ByteBuffer floats(float[] from, int pixels) {
    int channels = shape.window().cout();
    int width = shape.groups() * LANES;
    ByteBuffer to = buffer((long) pixels * width * Float.BYTES);
    for (int p = 0; p < pixels; p++) {
      to.asFloatBuffer().put(p * width, from, p * channels, channels);
    }
    return to;
  }

  /** int32 [groups, D, lanes]. */
  private ByteBuffer thresholds(Int8Layer layer) {
    int most = shape.maxSpikes();
    int[] thresholds = layer.thresholds(most);
    ByteBuffer to = buffer((long) shape.groups() * most * LANES * Integer.BYTES);
    for (int g = 0; g < shape.groups(); g++) {
      for (int d = 0; d < most; d++) {
        for (int lane = 0; lane < LANES; lane++) {
          int c = g * LANES + lane;
          to.putInt(c < layer.cout() ? thresholds[d * layer.cout() + c] : Int8Layer.NEVER);
        }
      }
    }
    return to.rewind();
  }

  private ByteBuffer weights(Int8Layer layer) {
    return shape.kind() == Kind.DEPTHWISE
        ? bytes(layer.weights(), shape.taps(), layer.cout(), shape.inLines())
        : dense(layer);
  }

  /** int8 [groups, taps, words, inputs of a word, lanes]: a line for each step. */
  private ByteBuffer dense(Int8Layer layer) {
    ByteBuffer to = buffer((long) shape.groups() * shape.steps() * LINE);
    for (int g = 0; g < shape.groups(); g++) {
      for (int tap = 0; tap < shape.taps(); tap++) {
        for (int ci = 0; ci < shape.words() * INPUTS; ci++) {
          for (int c = g * LANES; c < (g + 1) * LANES; c++) {
            boolean isThere = ci < layer.cin() && c < layer.cout();
            int at = (tap * layer.cin() + ci) * layer.cout() + c;
            to.put(isThere ? layer.weights()[at] : 0);
          }
        }
      }
    }
    return to.rewind();
  }
}
