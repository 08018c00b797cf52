package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.accel.fpga.FpgaFolder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;
import uk.ac.manchester.tornado.api.AccessorParameters;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A kernel for FPGAs as a prebuilt task. TornadoVM gives kernels four arguments of its own first,
 * and arrays with a header in front, after which the rest of a line is left empty.
 */
class PrebuiltFpgaTest {
  private static final int LINE = 64;
  private static final Pattern SIGNATURE = Pattern.compile("__kernel void (\\w+)\\(([^{]*)\\) \\{");
  private static final Pattern PARAMETER =
      Pattern.compile("__global (const )?(\\w+) \\*restrict (\\w+)");
  private static final Pattern BYTES = Pattern.compile("\\{ ([0-9, ]+) \\}\\},");
  private static final String FIRST =
      "__global long *kernel_context, __constant uchar *constant_region,"
          + " __local uchar *local_region, __global int *atomics";

  @TempDir private Path folder;

  static {
    TornadoSettings.apply();
  }

  /** A dense layer with spikes. */
  static void layer(Ops ops) {
    Random random = new Random(6);
    Tensor weights = Tensor.zeros(DType.F32, 40, 20, 3, 3);
    for (int i = 0; i < weights.size(); i++) {
      weights.floats()[i] = (float) random.nextGaussian();
    }
    Parameter weight = new Parameter("weight", true, 40, 20, 3, 3);
    weight.set(weights);
    byte[] spikes = new byte[9 * 7 * 20];
    for (int i = 0; i < spikes.length; i++) {
      spikes[i] = (byte) random.nextInt(5);
    }
    ops.layerSpikes(
        Tensor.spikes(spikes, 0.25, 1, 9, 7, 20),
        new WeightLayer("layer", WeightLayer.Kind.DENSE, weight, null, List.of(), 2, 1),
        "neuron",
        4,
        0.25);
  }

  /** The source with the arguments that TornadoVM gives. */
  private static String withTornadosArguments(String source, String header) {
    StringBuilder parameters = new StringBuilder(FIRST);
    StringBuilder pointers = new StringBuilder();
    MatchResult signature = SIGNATURE.matcher(source).results().findFirst().orElseThrow();
    for (MatchResult parameter : PARAMETER.matcher(signature.group(2)).results().toList()) {
      String name = parameter.group(3);
      String type = "__global " + parameter.group(2) + " *";
      parameters.append(", __global uchar *array_").append(name);
      pointers.append("\n  ").append(type).append("restrict ").append(name);
      pointers.append(" = (").append(type).append(")(array_").append(name).append(" + 64);");
    }
    String body =
        Matcher.quoteReplacement(
            "__kernel void " + signature.group(1) + "(" + parameters + ") {" + pointers);
    return SIGNATURE
        .matcher(source)
        .replaceFirst(body)
        .replace("#include \"s2f.h\"", header)
        .strip();
  }

  /** An argument of the test vector, behind a header and an empty rest of a line. */
  private static ByteArray array(ByteBuffer vector, int bytes) {
    int empty = LINE - (int) TornadoNativeArray.ARRAY_HEADER;
    ByteArray array = new ByteArray(empty + bytes);
    for (int i = 0; i < bytes; i++) {
      array.set(empty + i, vector.get());
    }
    return array;
  }

  private void write() throws IOException {
    try (Workers workers = new Workers(1)) {
      Ops reference = Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, workers);
      FpgaFolder.write(folder, 1, reference, PrebuiltFpgaTest::layer);
    }
  }

  @Test
  void aKernelRunsAsAPrebuiltTask() throws Exception {
    write();
    String name = "dense_3x3_s2p1_1x9x7_20to40_spikes4";
    Path file = folder.resolve("prebuilt.cl");
    Files.writeString(
        file,
        withTornadosArguments(
            Files.readString(folder.resolve(name + ".cl")),
            Files.readString(folder.resolve("s2f.h"))));
    ByteBuffer vector =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("vectors/" + name + "-0.bin")));
    Matcher bytes = BYTES.matcher(Files.readString(folder.resolve("host.c")));
    assertThat(bytes.find()).isTrue();
    int[] lengths = Stream.of(bytes.group(1).split(", ")).mapToInt(Integer::parseInt).toArray();
    int last = lengths.length - 1;
    ByteArray[] arrays = new ByteArray[lengths.length];
    AccessorParameters parameters = new AccessorParameters(lengths.length);
    for (int i = 0; i <= last; i++) {
      arrays[i] = i < last ? array(vector, lengths[i]) : new ByteArray(LINE + lengths[i]);
      parameters.set(i, arrays[i], i < last ? Access.READ_ONLY : Access.WRITE_ONLY);
    }

    TaskGraph graph =
        new TaskGraph("fpga")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays[0], arrays[1], arrays[2])
            .prebuiltTask("task", name, file.toString(), parameters)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, arrays[last]);
    WorkerGrid one = new WorkerGrid1D(1);
    one.setLocalWork(1, 1, 1);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withGridScheduler(new GridScheduler("fpga.task", one)).execute();
    }
    byte[] expected = new byte[lengths[last]];
    vector.get(expected);
    byte[] found = new byte[lengths[last]];
    int empty = LINE - (int) TornadoNativeArray.ARRAY_HEADER;
    for (int i = 0; i < found.length; i++) {
      found[i] = arrays[last].get(empty + i);
    }
    assertThat(found).isEqualTo(expected);
  }
}
