package org.spike2former.model.network;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.model.network.block.Scope;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/**
 * The transformer decoder, {@code model.md} section 6: learnt queries look at the three memory
 * levels in turn.
 */
final class TransformerDecoder {
  private final Parameter queryFeatures;
  private final Parameter queryPositions;
  private final Parameter levelEmbedding;
  private final SinePositions positions = new SinePositions();
  private final List<DecoderLayer> layers = new ArrayList<>();

  TransformerDecoder(ModelConfig config, Scope head) {
    int f = config.pixelDecoder().featChannels();
    int queries = config.transformerDecoder().queries();
    queryPositions = head.weight("query_embed.weight", queries, f);
    queryFeatures = head.weight("query_feat.weight", queries, f);
    levelEmbedding = head.weight("level_embed.weight", 3, f);
    for (int j = 0; j < config.transformerDecoder().layers(); j++) {
      Scope scope = head.at("transformer_decoder.layers." + j);
      layers.add(new DecoderLayer(f, config.transformerDecoder(), scope));
    }
  }

  /**
   * Runs the layers.
   *
   * @param levels memory at 1/16, 1/8 and 1/4, [T·B, h, w, F]
   * @return the L+1 query states [T·B, Q, F], the initial one first
   */
  List<Tensor> forward(Ops ops, List<Tensor> levels) {
    Tensor embedding = ops.value(levelEmbedding);
    List<Tensor> memories = new ArrayList<>();
    List<Tensor> places = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      Tensor level = levels.get(i);
      Tensor tokens = level.reshape(level.dim(0), level.dim(1) * level.dim(2), level.dim(3));
      memories.add(ops.addTable(tokens, ops.slice(embedding, i, i + 1).reshape(level.dim(3))));
      places.add(positions.table(level.dim(1), level.dim(2), level.dim(3), ops.precision().type()));
    }
    Tensor queryPlaces = ops.value(queryPositions);
    List<Tensor> states = new ArrayList<>();
    Tensor q = ops.repeat(ops.value(queryFeatures), levels.get(0).dim(0));
    states.add(q);
    for (int j = 0; j < layers.size(); j++) {
      int i = j % levels.size();
      q = layers.get(j).forward(ops, q, queryPlaces, memories.get(i), places.get(i));
      String name = "transformer_decoder.query." + (j + 1);
      q = ops.observe(name, q);
      ops.endStage(NetworkPart.TRANSFORMER_DECODER, name);
      states.add(q);
    }
    return states;
  }
}
