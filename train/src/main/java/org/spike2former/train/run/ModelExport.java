package org.spike2former.train.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.spike2former.data.ClassTable;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.tensor.io.Safetensors;

/**
 * Writes model folders, with the authors' names in the weights, for {@code s2f segment -m}.
 *
 * @param config the network
 * @param classes names and colours
 * @param preprocessing normalisation and resize rule
 */
public record ModelExport(ModelConfig config, ClassTable classes, Preprocessing preprocessing) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "weights.safetensors";

  /**
   * Writes a folder. The weights come last, and each file is replaced as a whole, so an older model
   * in the folder stays usable until the new one takes its place.
   *
   * @param weights parameters and buffers by name
   * @param metadata strings for the header of the weights' file
   * @throws IOException naming the file that cannot be written
   */
  public void write(Path folder, Map<String, Tensor> weights, Map<String, String> metadata)
      throws IOException {
    describe(folder);
    Safetensors.write(folder.resolve(WEIGHTS), weights, metadata);
  }

  /** The same with weights in half precision. */
  public void writeHalf(Path folder, Map<String, Tensor> weights) throws IOException {
    describe(folder);
    Safetensors.writeHalf(folder.resolve(WEIGHTS), weights, Map.of());
  }

  private void describe(Path folder) throws IOException {
    Files.createDirectories(folder);
    text(folder.resolve("model.json"), config.toJson());
    text(folder.resolve("classes.json"), classes.toJson().toPrettyString() + "\n");
    text(folder.resolve("preprocess.json"), preprocess().toPrettyString() + "\n");
  }

  private static void text(Path file, String content) throws IOException {
    AtomicFile.write(file, content);
  }

  private ObjectNode preprocess() {
    ObjectNode json = JSON.createObjectNode().put("channels", preprocessing.kind());
    ArrayNode mean = json.putArray("mean");
    ArrayNode std = json.putArray("std");
    for (int c = 0; c < preprocessing.channels(); c++) {
      mean.add(preprocessing.mean()[c]);
      std.add(preprocessing.std()[c]);
    }
    if (preprocessing.resize() != null) {
      json.putObject("resize")
          .put("shortest_edge", preprocessing.resize().shortestEdge())
          .put("max_size", preprocessing.resize().maxSize());
    }
    return json.put("size_divisor", preprocessing.sizeDivisor());
  }
}
