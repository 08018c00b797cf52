package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;
import org.spike2former.data.ClassTable;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.NeckConfig;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.NeuronConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** The stages into which a device's plan of a whole network is cut. */
class PlanStagesTest {
  private static final int SIDE = 32;

  private static Spike2Former network(String backbone) {
    NeuronConfig neuron = new NeuronConfig(null, 4, 4.0, null, null);
    Spike2Former network =
        new Spike2Former(
            new ModelConfig(
                new BackboneConfig(backbone, List.of(8, 8, 8, 16), 2, 2, 1, neuron),
                new PixelDecoderConfig(8, 1, 2, 3, 8),
                new TransformerDecoderConfig(3, 2, 8, 4),
                new HeadConfig(3, 4, neuron)));
    Initialiser.fill(network.parameters(), 3);
    return network;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdtv2", "sdtv3"})
  void stagesHaveTheNamesOfTheNetworksParts(String backbone) {
    Spike2Former network = network(backbone);
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.SCALAR, Precision.F32, workers);
      Plan plan =
          Plan.of(
              (ops, in) ->
                  network.semanticLabels(ops, network.predict(ops, in.get(0)), 1, SIDE, SIDE),
              List.of(Tensor.zeros(DType.F32, 1, SIDE, SIDE, 3)),
              _ -> null,
              host,
              WeightType.FLOAT);
      assertThat(plan.steps()).noneMatch(Step::isHost);
      assertThat(plan.steps().stream().map(Step::stage).distinct())
          .containsExactly(
              "backbone.x1",
              "backbone.x2",
              "backbone.x3",
              "backbone.x4",
              "pixel_decoder.memory",
              "pixel_decoder.mask_feature",
              "transformer_decoder.query.1",
              "transformer_decoder.query.2",
              "transformer_decoder.query.3",
              "head.mask_preds",
              "prediction");
    }
  }

  /** Nearest resizes are among its operations. */
  @ParameterizedTest
  @ValueSource(strings = {"sdtv2", "sdtv3"})
  void aDeviceComputesAllOfAnFpn(String backbone) {
    NeuronConfig neuron = new NeuronConfig(null, 4, 4.0, null, null);
    Network network =
        Network.of(
            new ModelConfig(
                new BackboneConfig(backbone, List.of(8, 8, 8, 16), 2, 2, 2, neuron),
                new NeckConfig("qfpn", 6, neuron),
                new HeadConfig(HeadConfig.Type.FPN, 3, null, 6, List.of(4, 8, 16, 32), neuron)));
    Initialiser.fill(network.parameters(), 3);
    Tensor image = Tensor.zeros(DType.F32, 1, SIDE + 3, SIDE, 3);
    try (Workers workers = new Workers(1)) {
      for (WeightType weights : WeightType.values()) {
        Ops host = Backends.create(Backend.SCALAR, Precision.F32, weights, workers);
        Plan plan =
            Plan.of(
                (ops, in) -> network.labels(ops, in.get(0)),
                List.of(image),
                _ -> null,
                host,
                weights);
        assertThat(plan.steps()).noneMatch(Step::isHost);
        assertThat(plan.steps().stream().map(Step::stage).distinct())
            .containsExactly(
                "backbone.x1",
                "backbone.x2",
                "backbone.x3",
                "backbone.x4",
                "neck.out.3",
                "head.logits",
                "prediction");
      }
    }
  }

  /** The post-processing alone is the host's. */
  @Test
  void aDeviceComputesAllThatSegmentsAreMadeOf() {
    List<Step> steps = new ArrayList<>();
    double[] mean = {120, 110, 100};
    double[] std = {30, 30, 30};
    List<String> names = List.of("car", "tree", "sky");
    try (Segmenter segmenter =
        Segmenter.of(
            network("sdtv2"),
            new Preprocessing(mean, std, null, 1),
            new ClassTable(names, ClassTable.vocPalette(3), 255, 1),
            SegmenterOptions.builder().backend(Backend.SCALAR).threads(1).build())) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
      String expected = segmenter.panoptic(image).digest();
      Ops host = segmenter.ops();
      Program.Runner planning =
          (_, _, program, input) -> {
            Plan.Function function = (ops, in) -> program.run(ops, in.get(0));
            Plan plan = Plan.of(function, List.of(input), _ -> null, host, WeightType.FLOAT);
            steps.addAll(plan.steps());
            return program.run(host, input);
          };
      segmenter.runWith(planning, "planning");
      assertThat(segmenter.panoptic(image).digest()).isEqualTo(expected);
    }
    assertThat(steps).hasSizeGreaterThan(100).noneMatch(Step::isHost);
    assertThat(steps.getLast().stage()).isEqualTo("prediction");
  }
}
