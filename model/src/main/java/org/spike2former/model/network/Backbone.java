package org.spike2former.model.network;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.block.Block;
import org.spike2former.model.network.block.Scope;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The backbone: Meta-SpikeFormer (SDTv2, {@code model.md} section 2) or E-SpikeFormer (SDTv3,
 * section 3). Four stages of convolutional and transformer blocks, each after a downsampling
 * convolution.
 */
final class Backbone {
  private final String path;
  private final List<List<Block>> stages;

  Backbone(BackboneConfig config, Scope scope) {
    path = scope.path();
    List<Integer> e = config.embedDims();
    stages =
        List.of(
            List.of(
                downsample(
                    config.inChannels(), e.get(0) / 2, 7, 2, false, scope.at("downsample1_1")),
                convBlock(config, e.get(0) / 2, scope.at("ConvBlock1_1.0"))),
            List.of(
                downsample(e.get(0) / 2, e.get(0), 3, 2, true, scope.at("downsample1_2")),
                convBlock(config, e.get(0), scope.at("ConvBlock1_2.0"))),
            List.of(
                downsample(e.get(0), e.get(1), 3, 2, true, scope.at("downsample2")),
                convBlock(config, e.get(1), scope.at("ConvBlock2_1.0")),
                convBlock(config, e.get(1), scope.at("ConvBlock2_2.0"))),
            transformerStage(config, scope));
  }

  private static List<Block> transformerStage(BackboneConfig config, Scope scope) {
    List<Integer> e = config.embedDims();
    List<Block> blocks = new ArrayList<>();
    blocks.add(downsample(e.get(1), e.get(2), 3, 2, true, scope.at("downsample3")));
    for (int i = 0; i < 6; i++) {
      blocks.add(transformerBlock(config, e.get(2), scope.at("block3." + i)));
    }
    blocks.add(downsample(e.get(2), e.get(3), 3, 1, true, scope.at("downsample4")));
    for (int i = 0; i < 2; i++) {
      blocks.add(transformerBlock(config, e.get(3), scope.at("block4." + i)));
    }
    return blocks;
  }

  /** Convolution and BN; all but the stem, which sees real numbers, have a neuron in front. */
  private static Block downsample(
      int in, int out, int kernel, int stride, boolean spiking, Scope scope) {
    Neuron neuron = spiking ? scope.neuron("encode_spike") : null;
    WeightLayer layer =
        scope
            .conv("encode_conv", in, out, kernel)
            .bias()
            .stride(stride)
            .padding(kernel / 2)
            .norm("encode_bn")
            .build();
    return (ops, x) ->
        ops.observe(scope.path(), ops.layer(neuron == null ? x : neuron.fire(ops, x), layer));
  }

  private static Block convBlock(BackboneConfig config, int channels, Scope scope) {
    return new ConvBlock(channels, config.mlpRatio(), isV3(config), scope);
  }

  private static Block transformerBlock(BackboneConfig config, int channels, Scope scope) {
    return new TransformerBlock(channels, config.heads(), config.mlpRatio(), isV3(config), scope);
  }

  private static boolean isV3(BackboneConfig config) {
    return config.type().equals("sdtv3");
  }

  /** What every time step sees, [T·B, H, W, C]: the same image, or one frame after another. */
  private static Tensor inTime(Ops ops, Tensor image, int timeSteps) {
    int[] shape = image.shape();
    boolean framed = shape.length == 5;
    if (framed && shape[0] != timeSteps) {
      throw new ShapeException(
          "the network has "
              + timeSteps
              + " time steps, its input "
              + Shape.toString(shape)
              + " another number of frames");
    }
    int at = framed ? 1 : 0;
    Tensor steps = framed ? image : ops.repeat(image, timeSteps);
    return steps.reshape(timeSteps * shape[at], shape[at + 1], shape[at + 2], shape[at + 3]);
  }

  /**
   * Runs the stages.
   *
   * @param image [B, H, W, C], normalised; or a frame for each time step, [T, B, H, W, C]
   * @param timeSteps T
   * @return x1…x4, [T·B, h, w, C] at 1/2, 1/4, 1/8 and 1/16
   */
  List<Tensor> forward(Ops ops, Tensor image, int timeSteps) {
    List<Tensor> features = new ArrayList<>();
    Tensor x = inTime(ops, image, timeSteps);
    for (List<Block> stage : stages) {
      for (Block block : stage) {
        x = block.forward(ops, x);
      }
      String name = path + ".x" + (features.size() + 1);
      x = ops.observe(name, x);
      ops.endStage(NetworkPart.BACKBONE, name);
      features.add(x);
    }
    return features;
  }
}
