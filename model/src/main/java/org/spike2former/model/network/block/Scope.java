package org.spike2former.model.network.block;

import org.spike2former.model.network.NeuronConfig;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.snn.Lif;
import org.spike2former.snn.Neuron;
import org.spike2former.snn.NiLif;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/**
 * A place in the module tree, where layers and neurons get their path as name. All parameters go to
 * one {@link ParameterSet}.
 */
public final class Scope {
  /** Name of the buffer in which PyTorch counts batches. */
  public static final String BATCH_COUNT = "num_batches_tracked";

  private final ParameterSet parameters;
  private final String path;
  private final NeuronConfig neurons;
  private final int timeSteps;

  /**
   * A place for the parameters of a part.
   *
   * @param path of its modules
   * @param neurons that it has
   */
  public Scope(ParameterSet parameters, String path, NeuronConfig neurons, int timeSteps) {
    this.parameters = parameters;
    this.path = path;
    this.neurons = neurons;
    this.timeSteps = timeSteps;
  }

  /** The place of a child module; dots descend several levels. */
  public Scope at(String child) {
    return new Scope(parameters, name(child), neurons, timeSteps);
  }

  /** This place's own path. */
  public String path() {
    return path;
  }

  String name(String child) {
    return path.isEmpty() ? child : path + "." + child;
  }

  /** T. */
  public int timeSteps() {
    return timeSteps;
  }

  /** A trainable tensor. */
  public Parameter weight(String child, int... shape) {
    return parameters.add(new Parameter(name(child), true, shape));
  }

  private Parameter buffer(String child, int... shape) {
    return parameters.add(new Parameter(name(child), false, shape));
  }

  /** A BatchNorm. */
  public BatchNorm norm(String child, int channels) {
    Scope at = at(child);
    return new BatchNorm(
        at.weight("weight", channels),
        at.weight("bias", channels),
        at.buffer("running_mean", channels),
        at.buffer("running_var", channels),
        at.buffer(BATCH_COUNT));
  }

  /** A layer of this part's neurons. */
  public Neuron neuron(String child) {
    return neuron(child, 1, 1);
  }

  /**
   * A layer of this part's neurons.
   *
   * @param amplitude factor of the spikes
   * @param groups independent sequences on the first axis of its input
   */
  public Neuron neuron(String child, double amplitude, int groups) {
    String name = name(child);
    double scale = neurons.scale(amplitude);
    double decay = neurons.decay();
    return switch (neurons.type()) {
      case NI_LIF, I_LIF -> new NiLif(name, neurons.maxSpikes(), scale, decay, timeSteps, groups);
      case LIF, IF -> new Lif(name, neurons.threshold(), decay, scale, timeSteps, groups);
    };
  }

  /** A convolution with a square window. */
  public LayerBuilder conv(String child, int in, int out, int kernel) {
    return new LayerBuilder(this, child, Kind.DENSE, out, in, kernel, kernel);
  }

  /** A Conv1d with window 1: weight [out, in, 1]. */
  public LayerBuilder conv1d(String child, int in, int out) {
    return new LayerBuilder(this, child, Kind.DENSE, out, in, 1);
  }

  /** A linear layer: weight [out, in]. */
  public LayerBuilder linear(String child, int in, int out) {
    return new LayerBuilder(this, child, Kind.DENSE, out, in);
  }

  /** A depthwise convolution with a square window. */
  public LayerBuilder depthwise(String child, int channels, int kernel) {
    return new LayerBuilder(this, child, Kind.DEPTHWISE, channels, 1, kernel, kernel);
  }
}
