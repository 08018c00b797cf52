package org.spike2former.model;

import java.util.List;
import org.spike2former.model.ModelConfig.BackboneConfig;
import org.spike2former.model.ModelConfig.HeadConfig;
import org.spike2former.model.ModelConfig.NeuronConfig;
import org.spike2former.model.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.ModelConfig.TransformerDecoderConfig;

/** The smallest network that has every part. */
final class TinyModel {
  private TinyModel() {}

  static ModelConfig config(String backbone, int timeSteps, double decay) {
    NeuronConfig neuron = new NeuronConfig(4, 4, decay);
    return new ModelConfig(
        new BackboneConfig(backbone, List.of(8, 8, 8, 16), 2, 2, timeSteps, neuron),
        new PixelDecoderConfig(8, 1, 2, 3, 8),
        new TransformerDecoderConfig(3, 2, 8, 4),
        new HeadConfig(3, 4, neuron));
  }

  static Spike2Former network() {
    return new Spike2Former(config("sdtv2", 1, 0));
  }
}
