package org.spike2former.verify.folder;

import java.util.HashMap;
import java.util.Map;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.verify.compare.BitCapture;

/** The order in which a network computes its blocks and neuron layers. */
final class NetworkOrder {
  private static final int SIDE = 32;

  private NetworkOrder() {}

  /** Positions by name, from a run on a small black image. */
  static Map<String, Integer> of(ModelConfig config) {
    Network network = Network.of(config);
    Initialiser.fill(network.parameters(), 0);
    try (Workers workers = new Workers(1)) {
      Ops ops = Backends.create(Backend.AUTO, Precision.F32, workers);
      BitCapture capture = new BitCapture(ops);
      Tensor image = Tensor.zeros(DType.F32, 1, SIDE, SIDE, config.backbone().inChannels());
      network.logitsInFull(capture, image);
      Map<String, Integer> order = new HashMap<>();
      order.put("input_u8", 0);
      order.put("input", 0);
      capture.observations().keySet().forEach(name -> order.put(name, order.size()));
      return order;
    }
  }
}
