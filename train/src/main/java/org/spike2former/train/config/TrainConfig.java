package org.spike2former.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.tensor.io.FormatException;

/**
 * A run's configuration, from YAML. Paths in it are relative to the current folder.
 *
 * @param file where it came from, for errors
 * @param tree what the file and its overrides say
 * @param model the network: keys of a {@code model.json}, the path of one, or a published name
 * @param init where the weights start
 * @param data data set, augmentation and preprocessing: keys, or a name in {@code configs/datasets}
 * @param optimizer AdamW
 * @param schedule of the learning rate
 * @param loss weights of the criterion
 * @param loop the {@code train} section
 * @param output folder of the run
 */
public record TrainConfig(
    Path file,
    ObjectNode tree,
    ModelConfig model,
    InitConfig init,
    DataConfig data,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    LossConfig loss,
    LoopConfig loop,
    Path output) {

  private static final Pattern INDIFFERENT =
      Pattern.compile(
          "output|data\\.root|data\\.loader\\.threads"
              + "|train\\.(threads|checkpoint_every|log_every|keep)");

  /** The keys of the file. */
  private record Sections(
      JsonNode model,
      InitConfig init,
      JsonNode data,
      OptimizerConfig optimizer,
      ScheduleConfig schedule,
      LossConfig loss,
      LoopConfig train,
      Path output) {}

  /**
   * Reads a file.
   *
   * @param overrides {@code a.b=value} each
   * @param configs folder with {@code models/NAME.json} and {@code datasets/NAME.yaml}
   * @throws IOException "FILE: key: what is wrong"
   * @throws IllegalArgumentException for an override that cannot be read
   */
  public static TrainConfig read(Path file, List<String> overrides, Path configs)
      throws IOException {
    ConfigTree tree = ConfigTree.read(file);
    Path models = configs.resolve("models");
    Path datasets = configs.resolve("datasets");
    tree.include(DataConfig.SECTION, datasets);
    for (String override : overrides) {
      tree.override(override);
      tree.include(DataConfig.SECTION, datasets);
    }
    Sections s = tree.bind(Sections.class);
    ModelConfig model = model(file, required(file, "model", s.model()), models);
    DataConfig data = DataConfig.of(file, "data.", required(file, "data", s.data()));
    if (data.classes() == null) {
      throw new FormatException(file, "data.classes: missing");
    }
    if (data.classes().size() != model.head().classes()) {
      throw new FormatException(
          file,
          "model has "
              + model.head().classes()
              + " classes, the data set "
              + data.classes().size());
    }
    return new TrainConfig(
        file,
        tree.root(),
        model,
        s.init() == null ? InitConfig.defaults() : s.init(),
        data,
        s.optimizer() == null ? OptimizerConfig.defaults() : s.optimizer(),
        s.schedule() == null ? ScheduleConfig.defaults() : s.schedule(),
        s.loss() == null ? LossConfig.defaults() : s.loss(),
        required(file, "train", s.train()),
        required(file, "output", s.output()));
  }

  private static <T> T required(Path file, String key, T value) throws FormatException {
    if (value == null || value instanceof JsonNode node && node.isNull()) {
      throw new FormatException(file, key + ": missing");
    }
    return value;
  }

  private static ModelConfig model(Path file, JsonNode node, Path models) throws IOException {
    if (!node.isTextual()) {
      return ModelConfig.of(node, file);
    }
    String name = node.textValue();
    Path published = models.resolve(name + ".json");
    if (Files.isRegularFile(published)) {
      return ModelConfig.read(published);
    }
    if (!Files.isRegularFile(Path.of(name))) {
      throw new FormatException(
          file, "model: " + name + " is neither a file nor a name in " + models);
    }
    return ModelConfig.read(Path.of(name));
  }

  /**
   * Keys whose values another configuration's are not, but for those that no result depends on.
   *
   * @param other the {@code tree} of a checkpoint
   */
  public List<String> changedSince(JsonNode other) {
    Map<String, JsonNode> before = new TreeMap<>();
    Map<String, JsonNode> now = new TreeMap<>();
    flatten("", other, before);
    flatten("", tree, now);
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    keys.removeIf(key -> INDIFFERENT.matcher(key).matches());
    keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
    return List.copyOf(keys);
  }

  private static void flatten(String key, JsonNode node, Map<String, JsonNode> leaves) {
    if (!node.isObject()) {
      leaves.put(key, node);
    }
    node.properties()
        .forEach(
            entry ->
                flatten(
                    key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(),
                    entry.getValue(),
                    leaves));
  }
}
