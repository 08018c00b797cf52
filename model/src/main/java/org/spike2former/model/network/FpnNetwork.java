package org.spike2former.model.network;

import java.util.List;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.fpn.FeaturePyramid;
import org.spike2former.model.network.fpn.FpnHead;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * The release's baseline ({@code model.md} section 12): a backbone, a feature pyramid as its neck,
 * and a head that adds up the pyramid's levels and scores each pixel by itself.
 */
public final class FpnNetwork implements Network {
  private final ModelConfig config;
  private final ParameterSet parameters = new ParameterSet();
  private final Backbone backbone;
  private final FeaturePyramid neck;
  private final FpnHead head;

  /** A network without values for its parameters. */
  public FpnNetwork(ModelConfig config) {
    this.config = config;
    int timeSteps = config.backbone().timeSteps();
    backbone =
        new Backbone(
            config.backbone(),
            new Scope(parameters, "backbone", config.backbone().neuron(), timeSteps));
    neck =
        new FeaturePyramid(
            config.backbone().featureWidths(),
            config.neck().channels(),
            new Scope(parameters, "neck", config.neck().neuron(), timeSteps));
    head =
        new FpnHead(
            config.head(), new Scope(parameters, "decode_head", config.head().neuron(), timeSteps));
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public ParameterSet parameters() {
    return parameters;
  }

  @Override
  public Tensor logits(Ops ops, Tensor image) {
    return resized(ops, maps(ops, image), image);
  }

  @Override
  public Tensor labels(Ops ops, Tensor image) {
    return ops.labels(maps(ops, image), image.dim(-3), image.dim(-2));
  }

  /** The logits at half the image's size, [B, ⌈H/2⌉, ⌈W/2⌉, K]. */
  @Override
  public Tensor maps(Ops ops, Tensor image) {
    int timeSteps = config.backbone().timeSteps();
    List<Tensor> levels = neck.forward(ops, backbone.forward(ops, image, timeSteps));
    Tensor logits = ops.meanTime(head.forward(ops, levels), 1, timeSteps);
    logits = ops.observe("head.logits", logits);
    ops.endStage(NetworkPart.FPN_HEAD, "head.logits");
    return logits;
  }

  @Override
  public Tensor logitsInFull(Ops ops, Tensor image) {
    return logits(ops, image);
  }

  @Override
  public List<Tensor> trainingOutputs(Ops ops, Tensor image) {
    return List.of(maps(ops, image));
  }

  private static Tensor resized(Ops ops, Tensor logits, Tensor image) {
    return ops.observe("seg_logits", ops.resizeBilinear(logits, image.dim(-3), image.dim(-2)));
  }
}
