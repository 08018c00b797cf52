package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.accel.DeviceCapabilities;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.HostCall;
import org.spike2former.accel.operation.Operation;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** Plans for devices of networks with every type of neuron. */
class NeuronPlanTest {
  private static final int SIDE = 40;
  private static final String MODEL =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [8, 8, 8, 16], "heads": 2, "mlp_ratio": 2,
        "time_steps": STEPS, "neuron": NEURON},
       "pixel_decoder": {"feat_channels": 8, "layers": 1, "groups": 2, "dw_kernel": 3,
        "ffn_channels": 8},
       "transformer_decoder": {"layers": 3, "heads": 2, "ffn_channels": 8, "queries": 4},
       "head": {"classes": 3, "alpha": 4, "neuron": NEURON}}
      """;

  private static final Workers WORKERS = new Workers(1);

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private Spike2Former network(int timeSteps, String neuron) throws IOException {
    String model =
        MODEL
            .replace("STEPS", Integer.toString(timeSteps))
            .replace("NEURON", neuron.replace('\'', '"'));
    Path file = Files.writeString(folder.resolve("model.json"), model);
    Spike2Former network = new Spike2Former(ModelConfig.read(file));
    Initialiser.fill(network.parameters(), Initialiser.Scheme.HE, 7, 0.5);
    return network;
  }

  private static Tensor logits(Spike2Former network, Ops ops, Tensor image) {
    return network.semanticLogits(ops, network.predict(ops, image), 1, SIDE, SIDE);
  }

  private static Plan plan(
      Spike2Former network,
      Tensor image,
      DeviceCapabilities capabilities,
      Ops cpu,
      WeightType weights) {
    return Plan.of(
        (ops, in) -> logits(network, ops, in.get(0)), List.of(image), capabilities, cpu, weights);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | {'max_spikes': 4, 'norm': 4} | SPIKES",
        "2 | {'type': 'i-lif', 'max_spikes': 4, 'decay': 0.5} | SPIKES",
        "2 | {'type': 'lif'} | FIRE",
        "1 | {'type': 'lif', 'threshold': 0.5} | FIRE",
        "2 | {'type': 'if', 'threshold': 0.75} | FIRE",
      })
  void aPlanGivesTheBitsOfTheCpu(int timeSteps, String neuron, Operation.Kind fired)
      throws IOException {
    Spike2Former network = network(timeSteps, neuron);
    double[] pixels = new SplittableRandom(3).doubles((long) SIDE * SIDE * 3, -2, 2).toArray();
    Tensor image = Tensor.of(pixels, 1, SIDE, SIDE, 3).to(DType.F32);
    for (WeightType weights : WeightType.values()) {
      Ops cpu = Backends.create(Backend.SCALAR, Precision.F32, weights, WORKERS);
      Plan onHost = plan(network, image, operation -> "none is there", cpu, weights);
      assertThat(run(onHost, image).bitEquals(logits(network, cpu, image))).isTrue();
      Plan onDevice = plan(network, image, operation -> null, cpu, weights);
      assertThat(onDevice.steps()).noneMatch(Step::isHost).extracting(Step::kind).contains(fired);
    }
  }

  private static Tensor run(Plan plan, Tensor image) {
    Map<Buffer, Object> arrays = new IdentityHashMap<>();
    arrays.put(plan.inputs().get(0), image.floats());
    for (Step step : plan.steps()) {
      HostCall call = (HostCall) step.operation();
      arrays.put(
          step.output(), call.function().apply(step.inputs().stream().map(arrays::get).toList()));
    }
    return plan.result(arrays.get(plan.output()));
  }
}
