package org.spike2former.model.network;

import java.util.List;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/** The whole network: backbone, pixel decoder, transformer decoder and mask-embedding head. */
public final class Spike2Former implements Network {
  private final ModelConfig config;
  private final ParameterSet parameters = new ParameterSet();
  private final Backbone backbone;
  private final PixelDecoder pixelDecoder;
  private final TransformerDecoder transformerDecoder;
  private final MaskEmbedding head;

  /**
   * Class scores and masks of S query states, S being 1 or L+1.
   *
   * @param classScores [S·B, Q, K+1], the last class being "no object"
   * @param masks mask logits, [S·B, ⌈H/2⌉, ⌈W/2⌉, Q]
   */
  public record Prediction(Tensor classScores, Tensor masks) {}

  /** A network without values for its parameters. */
  public Spike2Former(ModelConfig config) {
    this.config = config;
    int timeSteps = config.backbone().timeSteps();
    HeadConfig headConfig = config.head();
    Scope backboneScope = new Scope(parameters, "backbone", config.backbone().neuron(), timeSteps);
    Scope headScope = new Scope(parameters, "decode_head", headConfig.neuron(), timeSteps);
    backbone = new Backbone(config.backbone(), backboneScope);
    pixelDecoder = new PixelDecoder(config, headScope.at("pixel_decoder"));
    transformerDecoder = new TransformerDecoder(config, headScope);
    head = new MaskEmbedding(config, headScope);
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
    return semanticLogits(ops, predict(ops, image), image.dim(-4), image.dim(-3), image.dim(-2));
  }

  @Override
  public Tensor labels(Ops ops, Tensor image) {
    return semanticLabels(ops, predict(ops, image), image.dim(-4), image.dim(-3), image.dim(-2));
  }

  /** The mask logits of the last query state, [B, ⌈H/2⌉, ⌈W/2⌉, Q]. */
  @Override
  public Tensor maps(Ops ops, Tensor image) {
    return predict(ops, image).masks();
  }

  /** As {@link #logits}, with the scores of all L+1 query states. */
  @Override
  public Tensor logitsInFull(Ops ops, Tensor image) {
    Prediction prediction = predictAllStates(ops, image);
    return semanticLogits(ops, prediction, image.dim(-4), image.dim(-3), image.dim(-2));
  }

  /** Class scores and masks of all L+1 query states. */
  @Override
  public List<Tensor> trainingOutputs(Ops ops, Tensor image) {
    Prediction prediction = predictAllStates(ops, image);
    return List.of(prediction.classScores(), prediction.masks());
  }

  /**
   * Scores the last query state, which is all that a segmentation needs.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   */
  public Prediction predict(Ops ops, Tensor image) {
    return forward(ops, image, false);
  }

  /**
   * Scores all L+1 query states, the initial one first, as training and verification need.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   */
  public Prediction predictAllStates(Ops ops, Tensor image) {
    return forward(ops, image, true);
  }

  private Prediction forward(Ops ops, Tensor image, boolean allStates) {
    List<Tensor> features = backbone.forward(ops, image, config.backbone().timeSteps());
    PixelDecoder.Output pixels = pixelDecoder.forward(ops, features);
    List<Tensor> states = transformerDecoder.forward(ops, pixels.levels());
    List<Tensor> wanted = allStates ? states : List.of(states.getLast());
    MaskEmbedding.Output scores = head.forward(ops, wanted, pixels.maskFeature());
    Prediction prediction =
        new Prediction(
            ops.observe("head.cls_scores", scores.classScores()),
            ops.observe("head.mask_preds", scores.masks()));
    ops.endStage(NetworkPart.HEAD, "head.mask_preds");
    return prediction;
  }

  /**
   * Semantic logits of the last state in a prediction.
   *
   * @return [B, height, width, K]
   */
  public Tensor semanticLogits(Ops ops, Prediction prediction, int batch, int height, int width) {
    Tensor scores = last(ops, prediction.classScores(), batch);
    Tensor masks = last(ops, prediction.masks(), batch);
    return ops.observe("seg_logits", ops.semanticLogits(scores, masks, height, width));
  }

  /**
   * The label map of {@link #semanticLogits}.
   *
   * @return [B, height, width], bytes to be read unsigned
   */
  public Tensor semanticLabels(Ops ops, Prediction prediction, int batch, int height, int width) {
    Tensor scores = last(ops, prediction.classScores(), batch);
    Tensor masks = last(ops, prediction.masks(), batch);
    return ops.semanticLabels(scores, masks, height, width);
  }

  private static Tensor last(Ops ops, Tensor states, int batch) {
    int rows = states.dim(0);
    return rows == batch ? states : ops.slice(states, rows - batch, rows);
  }
}
