package org.spike2former.accel.tornado;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.accel.Buffer;
import org.spike2former.accel.Int8Work;
import org.spike2former.accel.Operation;
import org.spike2former.accel.Step;

/** Writes the kernels of made-up layers, in a JVM that has not used TornadoVM before. */
final class WriteKernels {
  private static final int CHANNELS = 16;
  private static final int PIXELS = 9 * 11;
  private static final int MAX_SPIKES = 4;

  private WriteKernels() {}

  /** Arguments: the folder, and the file that describes a device. */
  public static void main(String[] args) {
    Map<Path, Step> files = new LinkedHashMap<>();
    for (String output : List.of("spikes", "floats", "residual")) {
      for (Step step :
          List.of(
              step(Operation.INT8_DENSE, 1, output),
              step(Operation.INT8_DENSE, 3, output),
              step(Operation.INT8_DEPTHWISE, 3, output))) {
        files.put(Path.of(args[0], new Int8Work(step).kernel() + ".cl"), step);
      }
    }
    new TornadoOffload().writeKernels(files, Path.of(args[1]));
    System.exit(0);
  }

  private static Step step(Operation operation, int window, String output) {
    int taps = window * window;
    int weights = taps * CHANNELS * (operation == Operation.INT8_DENSE ? CHANNELS : 1);
    Buffer x = Buffer.of(Buffer.Type.BYTES, PIXELS * CHANNELS);
    Buffer constants = Buffer.constant(new byte[weights]);
    Buffer perChannel = Buffer.constant(new float[CHANNELS]);
    Buffer residual = Buffer.of(Buffer.Type.FLOATS, PIXELS * CHANNELS);
    List<Buffer> inputs =
        switch (output) {
          case "spikes" -> List.of(x, constants, Buffer.constant(new int[MAX_SPIKES * CHANNELS]));
          case "floats" -> List.of(x, constants, perChannel, Buffer.constant(new float[CHANNELS]));
          default ->
              List.of(x, constants, perChannel, Buffer.constant(new float[CHANNELS]), residual);
        };
    Buffer.Type type = output.equals("spikes") ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    int[] sizes = {1, 9, 11, CHANNELS, CHANNELS, window, window, 1, window / 2, 9, 11, MAX_SPIKES};
    return new Step(
        operation,
        "layer",
        "test",
        inputs,
        Buffer.of(type, PIXELS * CHANNELS),
        sizes,
        new float[0],
        null);
  }
}
