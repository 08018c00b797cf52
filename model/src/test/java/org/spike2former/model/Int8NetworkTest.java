package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.Spike2Former.Prediction;
import org.spike2former.model.network.TinyModel;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ForwardingOps;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.layer.WeightType;

/** The smallest network with 8-bit weights. */
class Int8NetworkTest {
  /** Keeps every neuron layer's spikes. */
  private static final class Recorder extends ForwardingOps {
    private final Map<String, byte[]> spikes = new LinkedHashMap<>();

    Recorder(Ops ops) {
      super(ops);
    }

    @Override
    public Tensor observeSpikes(String neuron, Tensor potential, Tensor fired) {
      spikes.put(neuron, fired.bytes().clone());
      return fired;
    }

    /** The share of spikes k that are not 0. */
    double density() {
      Recorder none = new Recorder(this);
      spikes.forEach((name, fired) -> none.spikes.put(name, new byte[fired.length]));
      return difference(none);
    }

    /** The share of all spikes k that are others there. */
    double difference(Recorder other) {
      long differ = 0;
      long all = 0;
      for (Map.Entry<String, byte[]> layer : spikes.entrySet()) {
        byte[] here = layer.getValue();
        byte[] there = other.spikes.get(layer.getKey());
        assertThat(there).hasSameSizeAs(here);
        for (int i = 0; i < here.length; i++) {
          differ += here[i] == there[i] ? 0 : 1;
        }
        all += here.length;
      }
      return (double) differ / all;
    }
  }

  private static Spike2Former network(String backbone) {
    Spike2Former network = new Spike2Former(TinyModel.config(backbone, 1, 0));
    Initialiser.fill(network.parameters(), 3);
    return network;
  }

  private static Tensor image(int height, int width) {
    SplittableRandom random = new SplittableRandom(5);
    double[] pixels = random.doubles((long) height * width * 3, -2, 2).toArray();
    return Tensor.of(pixels, 1, height, width, 3).to(DType.F32);
  }

  private static Tensor logits(Spike2Former network, Ops ops, Tensor image) {
    Prediction prediction = network.predict(ops, image);
    return network.semanticLogits(ops, prediction, 1, image.dim(1), image.dim(2));
  }

  /** Runs that reuse storage, with any kernels and threads, and a run whose parts are recorded. */
  @ParameterizedTest
  @ValueSource(strings = {"sdtv2", "sdtv3"})
  void bitsDependOnNothing(String backbone) {
    Spike2Former network = network(backbone);
    int[][] sizes = {{33, 40}, {33, 40}, {64, 32}};
    for (String backend : List.of("scalar", "vector")) {
      for (int threads = 1; threads <= 3; threads++) {
        try (Workers one = new Workers(1);
            Workers many = new Workers(threads)) {
          Ops parts =
              new Recorder(Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, one));
          Ops ops = Backends.create(Backend.of(backend), Precision.F32, WeightType.INT8, many);
          for (int[] size : sizes) {
            Tensor image = image(size[0], size[1]);
            ops.beginRun(true);
            Tensor found = logits(network, ops, image);
            assertThat(found.bitEquals(logits(network, parts, image))).isTrue();
          }
        }
      }
    }
  }

  /** 0.0005 of them differ; weights of two bits less would make it several times as many. */
  @Test
  void spikesAreNearlyThoseOfFloatWeights() {
    Spike2Former network = network("sdtv2");
    try (Workers workers = new Workers(2)) {
      Recorder floats = new Recorder(Backends.create(Backend.AUTO, Precision.F32, workers));
      Recorder int8 =
          new Recorder(Backends.create(Backend.AUTO, Precision.F32, WeightType.INT8, workers));
      Tensor image = image(96, 64);
      logits(network, floats, image);
      logits(network, int8, image);
      assertThat(floats.density()).isBetween(0.1, 0.9);
      assertThat(floats.difference(int8)).isBetween(1e-5, 0.002);
    }
  }
}
