package org.spike2former.verify.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.Safetensors;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.verify.compare.BitCapture;
import org.spike2former.verify.compare.ComparisonKind;

/**
 * A folder of recordings that this implementation made itself: two time steps, three images of odd
 * size, a network small enough to run in milliseconds. It shows that folders are read and compared
 * as they should be, not that the network is right.
 */
public final class SyntheticFolder {
  static final int TIME_STEPS = 2;
  static final int BATCH = 3;
  private static final int HEIGHT = 21;
  private static final int WIDTH = 37;

  private static final String CONFIG =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [4, 8, 8, 8], "heads": 2, "mlp_ratio": 2,
                    "time_steps": 2, "neuron": {"max_spikes": 4, "norm": 4}},
       "pixel_decoder": {"feat_channels": 8, "layers": 1, "groups": 2, "dw_kernel": 3,
                         "ffn_channels": 12},
       "transformer_decoder": {"layers": 2, "heads": 2, "ffn_channels": 12, "queries": 5},
       "head": {"classes": 3, "alpha": 4, "neuron": {"max_spikes": 8, "norm": 8}}}
      """;

  private SyntheticFolder() {}

  /** Writes a folder for a network whose random weights {@code edit} may change. */
  public static void write(Path folder, Consumer<Map<String, Tensor>> edit) throws IOException {
    Files.writeString(folder.resolve("model.json"), CONFIG);
    Spike2Former network = new Spike2Former(ModelConfig.read(folder.resolve("model.json")));
    Initialiser.fill(network.parameters(), 7);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      weights.put(parameter.name(), parameter.value());
    }
    edit.accept(weights);
    weights.forEach((name, value) -> network.parameters().get(name).set(value));
    Safetensors.write(folder.resolve("weights.safetensors"), weights, Map.of());
    record(folder, network);
  }

  private static void record(Path folder, Spike2Former network) throws IOException {
    Layouts layouts = new Layouts(TIME_STEPS, BATCH);
    Tensor image = image();
    Map<String, Tensor> io = new LinkedHashMap<>();
    Map<String, Tensor> trace = new LinkedHashMap<>();
    Map<String, Tensor> spikes = new LinkedHashMap<>();
    io.put("input", layouts.toRecorded("input", image));
    try (Workers workers = new Workers(1)) {
      BitCapture capture = new BitCapture(Backends.create(Backend.SCALAR, Precision.F64, workers));
      Spike2Former.Prediction prediction = network.predictAllStates(capture, image);
      network.semanticLogits(capture, prediction, BATCH, HEIGHT, WIDTH);
      capture
          .observations()
          .forEach(
              (name, observation) -> {
                Tensor recorded = layouts.toRecorded(name, observation.tensor());
                if (observation.kind() == ComparisonKind.SPIKES) {
                  spikes.put(name, recorded);
                } else {
                  boolean inside = name.matches("decode_head\\..+|backbone\\.[^x].+");
                  (inside ? trace : io).put(name, recorded.to(DType.F64));
                }
              });
    }
    Safetensors.write(folder.resolve("io_f64.safetensors"), io, Map.of());
    Safetensors.write(folder.resolve("trace_f64.safetensors"), trace, Map.of());
    Safetensors.write(folder.resolve("spikes.safetensors"), spikes, Map.of());
  }

  private static Tensor image() {
    SplittableRandom random = new SplittableRandom(3);
    double[] values = new double[BATCH * HEIGHT * WIDTH * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, BATCH, HEIGHT, WIDTH, 3);
  }

  /** Writes a file of a folder again with its tensors changed. */
  public static void rewrite(Path file, Consumer<Map<String, Tensor>> edit) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (TensorArchive archive = TensorFiles.open(file)) {
      for (String name : archive.names()) {
        boolean bytes = archive.type(name) == ElementType.U8;
        tensors.put(
            name,
            bytes
                ? Tensor.spikes(archive.readBytes(name), 1, archive.shape(name))
                : archive.read(name));
      }
    }
    edit.accept(tensors);
    Safetensors.write(file, tensors, Map.of());
  }
}
