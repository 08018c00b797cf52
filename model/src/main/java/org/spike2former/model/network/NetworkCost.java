package org.spike2former.model.network;

import java.util.List;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.snn.energy.CostOps;
import org.spike2former.snn.energy.LayerCost;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Tensor;

/** Multiply-adds of the whole network for one image, counted without weights. */
public final class NetworkCost {
  private NetworkCost() {}

  /**
   * Counts the layers, the head and masks of all L+1 query states, and the semantic product.
   *
   * @param height of the network's input
   * @param width of the network's input
   */
  public static List<LayerCost> ofAllStates(ModelConfig config, int height, int width) {
    return count(config, height, width, true);
  }

  /** As {@link #ofAllStates}, with the last query state alone, as inference does. */
  public static List<LayerCost> ofInference(ModelConfig config, int height, int width) {
    return count(config, height, width, false);
  }

  /**
   * The same network with T = 1. Neurons cost no multiply-adds, and which there are does not
   * matter: those of the head are some that may fire in a single step.
   */
  public static ModelConfig oneTimeStep(ModelConfig config) {
    NeuronConfig any = new NeuronConfig(NeuronConfig.Type.I_LIF, 1, null, null, null);
    HeadConfig head = config.head().withNeuron(any);
    return new ModelConfig(
        config.backbone().withTimeSteps(1),
        config.neck(),
        config.pixelDecoder(),
        config.transformerDecoder(),
        head,
        null);
  }

  private static List<LayerCost> count(
      ModelConfig config, int height, int width, boolean allStates) {
    Network network = Network.of(config);
    CostOps ops = new CostOps(query -> formsKeysFirst(config.backbone(), query));
    int channels = config.backbone().inChannels();
    Tensor image = Tensor.shapeOnly(DType.F32, 1, height, width, channels);
    if (allStates) {
      network.logitsInFull(ops, image);
    } else {
      network.logits(ops, image);
    }
    return ops.layers();
  }

  /** Only SDTv2's attention is linear in the release; see {@code model.md} sections 2, 3 and 6. */
  private static boolean formsKeysFirst(BackboneConfig backbone, String query) {
    return PartNames.isIn(NetworkPart.BACKBONE, query) && backbone.type().equals("sdtv2");
  }
}
