package org.spike2former.model.network;

import java.util.List;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * A network that scores the classes of an image's pixels. It holds parameters by PyTorch's names;
 * {@link Ops} do the computing. There is one class for each kind of head.
 */
public sealed interface Network permits Spike2Former, FpnNetwork {
  /** The network of a configuration, without values for its parameters. */
  static Network of(ModelConfig config) {
    return switch (config.head().type()) {
      case MASK_EMBEDDING -> new Spike2Former(config);
      case FPN -> new FpnNetwork(config);
    };
  }

  /** The configuration. */
  ModelConfig config();

  /** Parameters and buffers. */
  ParameterSet parameters();

  /**
   * Scores of the classes at the image's size; the greatest of a pixel is its class.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   * @return [B, H, W, K]
   */
  Tensor logits(Ops ops, Tensor image);

  /**
   * The label map of {@link #logits}.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   * @return [B, H, W], bytes to be read unsigned
   */
  Tensor labels(Ops ops, Tensor image);

  /**
   * The maps that logits and labels are made of. Every neuron has fired then, and every weight has
   * been used.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   * @return [B, ⌈H/2⌉, ⌈W/2⌉, Q or K]
   */
  Tensor maps(Ops ops, Tensor image);

  /**
   * As {@link #logits}, by way of {@link #trainingOutputs}: what inference leaves out is computed
   * too.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   * @return [B, H, W, K]
   */
  Tensor logitsInFull(Ops ops, Tensor image);

  /**
   * What is compared with the labels in training.
   *
   * @param image [B, H, W, C], or a frame for each time step, [T, B, H, W, C]; normalised, real
   * @return class scores and masks of all query states, or the logits of an FPN at half the size
   */
  List<Tensor> trainingOutputs(Ops ops, Tensor image);
}
