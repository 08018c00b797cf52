package org.spike2former.model.network;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.model.network.block.Scope;
import org.spike2former.snn.Neuron;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.layer.WeightLayer;

/**
 * The head, spike-driven mask embedding (SDME, {@code model.md} section 7): classes and masks of
 * the queries. Spikes are a·k/norm here.
 */
final class MaskEmbedding {
  private final String path;
  private final int timeSteps;
  private final double alpha;
  private final Scope scope;
  private final WeightLayer classes;
  private final WeightLayer fc1;
  private final WeightLayer fc2;
  private final WeightLayer fcOut;
  private final WeightLayer shortcut;
  private final Parameter shortcutWeight;

  /**
   * Scores of S query states.
   *
   * @param classScores [S·B, Q, K+1], the last class being "no object"
   * @param masks [S·B, H/2, W/2, Q]
   */
  record Output(Tensor classScores, Tensor masks) {}

  MaskEmbedding(ModelConfig config, Scope scope) {
    this.scope = scope;
    path = scope.path();
    timeSteps = scope.timeSteps();
    alpha = config.head().alpha();
    int f = config.pixelDecoder().featChannels();
    int queries = config.transformerDecoder().queries();
    classes = scope.linear("cls_embed", f, config.head().classes() + 1).bias().build();
    fc1 = scope.linear("mask_embed.fc1", f, f).build();
    fc2 = scope.linear("mask_embed.fc2", f, f).build();
    fcOut = scope.linear("mask_embed.fc_out", f, f).bias().build();
    shortcut = scope.conv1d("shortcut_conv.0", queries, queries).norm("shortcut_conv.1").build();
    shortcutWeight = scope.weight("w", 1);
  }

  /**
   * Scores query states.
   *
   * @param states S states [T·B, Q, F]
   * @param maskFeature [T·B, H/2, W/2, F]
   */
  Output forward(Ops ops, List<Tensor> states, Tensor maskFeature) {
    int groups = states.size();
    Tensor z = ops.sigmoid(ops.concat(states));
    Tensor s = fire(ops, "decoder_out_spike", z, groups);
    Tensor scores = ops.meanTime(ops.layer(s, classes), groups, timeSteps);
    Tensor m = ops.layer(fire(ops, "mask_embed.spike1", ops.layer(s, fc1), groups), fc2);
    m = ops.layer(fire(ops, "mask_embed.spike2", m, groups), fcOut);
    m = ops.observe(path + ".mask_embed", m);
    m = ops.addScaled(m, ops.value(shortcutWeight), shortcut(ops, z, groups));
    Tensor e = fire(ops, "mask_embed_spike", m, groups);
    return new Output(scores, masks(ops, e, maskFeature, groups));
  }

  private Tensor fire(Ops ops, String name, Tensor x, int groups) {
    Neuron neuron = scope.neuron(name, alpha, groups);
    return neuron.fire(ops, x);
  }

  /** The ME-shortcut convolves over the queries, with the features as sequence. */
  private Tensor shortcut(Ops ops, Tensor z, int groups) {
    Tensor spikes = ops.transpose(fire(ops, "shortcut_conv_spike", z, groups));
    Tensor mixed = ops.transpose(ops.layer(spikes, shortcut));
    return ops.observe(path + ".shortcut_conv", mixed);
  }

  private Tensor masks(Ops ops, Tensor embeddings, Tensor maskFeature, int groups) {
    int rows = maskFeature.dim(0);
    int h = maskFeature.dim(1);
    int w = maskFeature.dim(2);
    Tensor pixels = maskFeature.reshape(rows, h * w, maskFeature.dim(3));
    List<Tensor> masks = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Tensor state = ops.slice(embeddings, group * rows, (group + 1) * rows);
      Tensor products = ops.product(pixels, state);
      masks.add(ops.meanTime(products, 1, timeSteps));
    }
    Tensor all = ops.concat(masks);
    return all.reshape(all.dim(0), h, w, all.dim(2));
  }
}
