package org.spike2former.model.network;

import java.util.List;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.ModelConfig.NeckConfig;
import org.spike2former.model.network.ModelConfig.PixelDecoderConfig;
import org.spike2former.model.network.ModelConfig.TransformerDecoderConfig;

/** The smallest network that has every part. */
public final class TinyModel {
  private TinyModel() {}

  public static ModelConfig config(String backbone, int timeSteps, double decay) {
    return config(backbone, timeSteps, new NeuronConfig(null, 4, 4.0, null, decay));
  }

  public static ModelConfig config(String backbone, int timeSteps, NeuronConfig neuron) {
    return new ModelConfig(
        new BackboneConfig(backbone, List.of(8, 8, 8, 16), 2, 2, timeSteps, neuron),
        new PixelDecoderConfig(8, 1, 2, 3, 8),
        new TransformerDecoderConfig(3, 2, 8, 4),
        new HeadConfig(3, 4, neuron));
  }

  /** With another number of classes. */
  public static ModelConfig config(int classes) {
    return config("sdtv2", 1, 0).withClasses(classes);
  }

  /** With an FPN head, and levels of four strides. */
  public static ModelConfig fpn(String backbone, int timeSteps) {
    NeuronConfig neuron = new NeuronConfig(null, 4, 4.0, null, null);
    return new ModelConfig(
        new BackboneConfig(backbone, List.of(8, 8, 8, 16), 2, 2, timeSteps, neuron),
        new NeckConfig("qfpn", 6, neuron),
        new HeadConfig(HeadConfig.Type.FPN, 3, null, 6, List.of(4, 8, 16, 32), neuron));
  }

  public static Spike2Former network() {
    return new Spike2Former(config("sdtv2", 1, 0));
  }
}
