package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.accel.fpga.FpgaFolder;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.NeuronConfig;
import org.spike2former.model.network.NeuronConfig.Type;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** The kernels for FPGAs on the first OpenCL device, by the host program that comes with them. */
class FpgaCheckTest {
  private static final int MINUTES = 5;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  /** What a command said. */
  private record Said(int code, String text) {}

  private static Said run(Path in, String... command) throws Exception {
    Path log = Files.createTempFile(shared, "said", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
    return new Said(process.exitValue(), Files.readString(log));
  }

  /** Whether a program of OpenCL can be built and finds a device. */
  @BeforeAll
  static void findDevice() throws Exception {
    Files.writeString(
        shared.resolve("probe.c"),
        """
        #define CL_TARGET_OPENCL_VERSION 120
        #include <CL/cl.h>
        int main(void) {
          cl_uint count = 0;
          return clGetPlatformIDs(0, NULL, &count) != CL_SUCCESS || count == 0;
        }
        """);
    Said built;
    try {
      assumeTrue(run(shared, "make", "--version").code() == 0, "make does not work");
      built = run(shared, "cc", "-o", "probe", "probe.c", "-lOpenCL");
    } catch (IOException e) {
      assumeTrue(false, "there is no make or no C compiler: " + e.getMessage());
      return;
    }
    assumeTrue(built.code() == 0, "OpenCL's header or library is not there: " + built.text());
    assumeTrue(run(shared, "./probe").code() == 0, "there is no OpenCL platform");
  }

  private static void infer(Ops ops) {
    NeuronConfig neuron = new NeuronConfig(Type.NI_LIF, 4, 4.0, null, 0.0);
    Network network =
        Network.of(
            new ModelConfig(
                new BackboneConfig("sdtv2", List.of(8, 8, 8, 16), 2, 2, 1, neuron),
                new PixelDecoderConfig(8, 1, 2, 3, 8),
                new TransformerDecoderConfig(3, 2, 8, 4),
                new HeadConfig(3, 4, neuron)));
    Initialiser.fill(network.parameters(), Initialiser.Scheme.values()[0], 7, 0.5);
    double[] pixels = new SplittableRandom(3).doubles(2L * 39 * 52 * 3, -2, 2).toArray();
    network.labels(ops, Tensor.of(pixels, 2, 39, 52, 3).to(DType.F32));
  }

  @Test
  void everyOutputOfANetworksLayersIsTheReferences() throws Exception {
    List<FpgaFolder.Layer> layers;
    try (Workers workers = new Workers(1)) {
      Ops reference = Backends.create(Backend.AUTO, Precision.F32, WeightType.INT8, workers);
      layers = FpgaFolder.write(folder, 100, reference, FpgaCheckTest::infer);
    }
    long kernels = layers.stream().map(FpgaFolder.Layer::shape).distinct().count();
    Said said = run(folder, "make", "check");
    assertThat(said.code()).as(said.text()).isZero();
    assertThat(said.text())
        .contains(kernels + " kernels, " + layers.size() + " vectors, ")
        .endsWith(" outputs: 0 differing\n")
        .doesNotContain("warning");
  }

  /** Otherwise equality would say nothing. */
  @Test
  void aWrongOutputIsFound() throws Exception {
    try (Workers workers = new Workers(1)) {
      Ops reference = Backends.create(Backend.AUTO, Precision.F32, WeightType.INT8, workers);
      FpgaFolder.write(folder, 1, reference, PrebuiltFpgaTest::layer);
    }
    Path header = folder.resolve("s2f.h");
    String source = Files.readString(header);
    Files.writeString(header, source.replace("spikes.s3", "spikes.s2"));
    Said said = run(folder, "make", "check");
    assertThat(said.code()).as(said.text()).isNotZero();
    assertThat(said.text()).doesNotContain(": 0 differing");
  }
}
