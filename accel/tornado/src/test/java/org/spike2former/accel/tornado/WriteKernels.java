package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.spike2former.accel.Int8Work;
import org.spike2former.accel.Step;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Operation;
import org.spike2former.tensor.layer.Window;

/** Writes the kernels of made-up layers, in a JVM that has not used TornadoVM before. */
final class WriteKernels {
  private static final int CHANNELS = 16;
  private static final int PIXELS = 9 * 11;
  private static final int MAX_SPIKES = 4;
  private static final Int8Convolution.Result SPIKES =
      new Int8Convolution.Spikes(Buffer.constant(new int[MAX_SPIKES * CHANNELS]), MAX_SPIKES);

  private static final Path DEVICE = Path.of("../../configs/devices/intel-arria-10.json");

  private WriteKernels() {}

  /**
   * Starts that JVM, for a described FPGA, and waits for its end.
   *
   * @param log takes what it prints
   * @param options of the JVM
   * @return its exit code
   */
  static int run(Path folder, Path log, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("@" + System.getenv("TORNADOVM_HOME") + "/tornado-argfile");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WriteKernels.class.getName());
    command.addAll(List.of(folder.toString(), DEVICE.toAbsolutePath().toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  /**
   * Arguments: the folder, and the file that describes a device. The system property {@code hashes}
   * says how many identity hashes something else takes before.
   */
  public static void main(String[] args) {
    for (int i = 0; i < Integer.getInteger("hashes", 0); i++) {
      System.identityHashCode(new Object());
    }
    Map<Path, Step> files = new LinkedHashMap<>();
    for (Int8Convolution.Result result :
        List.of(
            SPIKES,
            potentials(null),
            potentials(Buffer.of(Buffer.Type.FLOATS, PIXELS * CHANNELS)))) {
      for (Step step :
          List.of(step(false, 1, result), step(false, 3, result), step(true, 3, result))) {
        files.put(Path.of(args[0], new Int8Work(step).kernel() + ".cl"), step);
      }
    }
    new TornadoOffload().writeKernels(files, Path.of(args[1]));
    System.exit(0);
  }

  private static Int8Convolution.Result potentials(Buffer residual) {
    return new Int8Convolution.Potentials(
        Buffer.constant(new float[CHANNELS]), Buffer.constant(new float[CHANNELS]), residual);
  }

  private static Step step(boolean depthwise, int size, Int8Convolution.Result result) {
    Buffer.Type type =
        result instanceof Int8Convolution.Spikes ? Buffer.Type.BYTES : Buffer.Type.FLOATS;
    Operation layer =
        new Int8Convolution(
            depthwise,
            Buffer.of(Buffer.Type.BYTES, PIXELS * CHANNELS),
            Buffer.constant(new byte[size * size * CHANNELS * (depthwise ? 1 : CHANNELS)]),
            result,
            new Window(1, 9, 11, CHANNELS, CHANNELS, size, size, 1, size / 2, 9, 11),
            Buffer.of(type, PIXELS * CHANNELS));
    return new Step("layer", "test", layer);
  }
}
