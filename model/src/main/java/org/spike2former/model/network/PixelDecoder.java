package org.spike2former.model.network;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The pixel decoder, {@code model.md} section 4: a spiking feature pyramid over a spike-driven
 * deformable encoder.
 */
final class PixelDecoder {
  private final Unit inProjection;
  private final List<EncoderLayer> encoder = new ArrayList<>();
  private final Neuron outNeuron;
  private final WeightLayer outProjection;
  private final List<Chain> laterals = new ArrayList<>();
  private final List<Unit> outputs = new ArrayList<>();
  private final Chain maskFeature;

  /**
   * What the decoder hands on.
   *
   * @param maskFeature per-pixel embedding, [T·B, H/2, W/2, F]
   * @param levels multi-scale memory at 1/16, 1/8 and 1/4, [T·B, h, w, F]
   */
  record Output(Tensor maskFeature, List<Tensor> levels) {}

  PixelDecoder(ModelConfig config, Scope scope) {
    int f = config.pixelDecoder().featChannels();
    List<Integer> widths = config.backbone().featureWidths();
    inProjection =
        new Unit(
            scope.neuron("last_feat_conv_spike"),
            scope
                .conv("encoder_in_proj.0", widths.get(3), f, 1)
                .bias()
                .norm("encoder_in_proj.1")
                .build());
    for (int i = 0; i < config.pixelDecoder().layers(); i++) {
      encoder.add(new EncoderLayer(config.pixelDecoder(), scope.at("encoder.layers." + i)));
    }
    outNeuron = scope.neuron("encoder_out_proj_spike");
    outProjection =
        scope.conv("encoder_out_proj.0", f, f, 1).bias().norm("encoder_out_proj.1").build();
    for (int i = 0; i < 3; i++) {
      String lateral = "lateral_convs." + i;
      String output = "output_convs." + i;
      laterals.add(
          new Chain(
              new Unit(
                  scope.neuron("lateral_convs_spike." + i),
                  scope
                      .conv(lateral + ".0", widths.get(i), f, 1)
                      .bias()
                      .norm(lateral + ".1")
                      .build())));
      outputs.add(
          new Unit(
              scope.neuron("output_convs_spike." + i),
              scope.depthwise(output + ".0", f, 3).padding(1).norm(output + ".1").build()));
    }
    maskFeature =
        new Chain(
            outputs.getFirst(),
            new Unit(
                scope.neuron("mask_feature_spike"),
                scope.conv("mask_feature", f, f, 1).bias().build()));
  }

  /**
   * Runs the decoder.
   *
   * @param features x1…x4 of the backbone
   */
  Output forward(Ops ops, List<Tensor> features) {
    Tensor y = inProjection.forward(ops, features.get(3));
    for (EncoderLayer layer : encoder) {
      y = layer.forward(ops, y);
    }
    Tensor memory = ops.observe("pixel_decoder.memory", outNeuron.fire(ops, y));
    ops.endStage(NetworkPart.PIXEL_DECODER, "pixel_decoder.memory");
    y = ops.layer(memory, outProjection);
    List<Tensor> levels = new ArrayList<>();
    for (int i = 2; i >= 0; i--) {
      levels.add(ops.observe("pixel_decoder.multi_scale." + levels.size(), y));
      Tensor finer = features.get(i);
      Tensor resized = ops.resizeBilinear(y, finer.dim(1), finer.dim(2));
      y = laterals.get(i).addTo(ops, resized, finer, null);
      if (i > 0) {
        y = outputs.get(i).forward(ops, y);
      }
    }
    Tensor feature = maskFeature.forward(ops, y);
    Output output = new Output(ops.observe("pixel_decoder.mask_feature", feature), levels);
    ops.endStage(NetworkPart.PIXEL_DECODER, "pixel_decoder.mask_feature");
    return output;
  }
}
