package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
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
import org.spike2former.data.Task;
import org.spike2former.data.config.ConfigException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.DataSection;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.NetworkSize;
import org.spike2former.train.loss.CriterionConfig;
import org.spike2former.train.optimiser.AdamWConfig;

/**
 * A run's configuration, from YAML. Paths in it are relative to the current folder.
 *
 * @param file where it came from, for errors
 * @param tree what the file and its overrides say, without defaults
 * @param keys what they say, with all defaults
 * @param data what the section {@code data} means
 */
public record TrainConfig(Path file, ObjectNode tree, Keys keys, DataConfig data) {
  private static final String MODEL = "model";
  private static final String NETWORK = ".json";
  private static final String DATASET = ".yaml";
  private static final Pattern INDIFFERENT =
      Pattern.compile(
          "output|data\\.root|data\\.loader\\.threads"
              + "|train\\.(threads|checkpoint_every|log_every|keep)");

  /** The keys of the file. */
  public record Keys(
      @JsonPropertyDescription("keys of a model.json, the path of one, or a published name")
          @JsonProperty(required = true)
          ModelConfig model,
      @JsonPropertyDescription("where the weights start") InitConfig init,
      @JsonPropertyDescription("keys of a data set, or a name in configs/datasets")
          @JsonProperty(required = true)
          DataSection data,
      @JsonPropertyDescription("AdamW") AdamWConfig optimizer,
      @JsonPropertyDescription("schedule of the learning rate") ScheduleConfig schedule,
      @JsonPropertyDescription("weights of the criterion") CriterionConfig loss,
      @JsonPropertyDescription("how the run goes") @JsonProperty(required = true) LoopConfig train,
      @JsonPropertyDescription("folder of the run") @JsonProperty(required = true) Path output) {
    /** Fills in the defaults. */
    public Keys {
      init = init == null ? InitConfig.defaults() : init;
      optimizer = optimizer == null ? AdamWConfig.defaults() : optimizer;
      schedule = schedule == null ? ScheduleConfig.defaults() : schedule;
      loss = loss == null ? CriterionConfig.RELEASE : loss;
      Ranges.check(Keys.class, model, init, data, optimizer, schedule, loss, train, output);
    }
  }

  /**
   * Reads a file.
   *
   * @param overrides {@code a.b=value} each
   * @param configs folder with {@code models/NAME.json} and {@code datasets/NAME.yaml}
   * @throws IOException "FILE: line N: KEY: what is wrong"
   * @throws IllegalArgumentException for an override that cannot be read
   */
  public static TrainConfig read(Path file, List<String> overrides, Path configs)
      throws IOException {
    ConfigTree tree = ConfigTree.readYaml(file);
    Path datasets = configs.resolve("datasets");
    includeData(tree, datasets);
    for (String override : overrides) {
      tree.override(override);
      includeData(tree, datasets);
    }
    // Checkpoints compare what the file says, so the name of a model stays in the first tree.
    ConfigTree whole = tree.copy();
    includeModel(whole, configs.resolve("models"));
    Keys keys = whole.bind(Keys.class);
    NetworkSize.check(keys.model(), whole, MODEL);
    DataConfig data = DataConfig.of(keys.data(), whole, "data.");
    if (data.classes() == null) {
      throw whole.error("data.classes", "missing");
    }
    if (data.task() == Task.INSTANCE) {
      throw whole.error(
          "data.task", "instance is for evaluation; a network for it is trained with panoptic");
    }
    if (data.task() == Task.PANOPTIC && !data.inference().isPlain()) {
      throw whole.error(
          "data.inference.mode", "task panoptic is evaluated on whole images, not on windows");
    }
    int classes = keys.model().head().classes();
    if (data.classes().size() != classes) {
      throw new ConfigException(
          file, "model has " + classes + " classes, the data set " + data.classes().size());
    }
    return new TrainConfig(file, tree.root(), keys, data);
  }

  private static void includeData(ConfigTree tree, Path datasets) throws IOException {
    if (tree.text(DataConfig.SECTION) == null) {
      return;
    }
    Path named = datasets.resolve(tree.text(DataConfig.SECTION) + DATASET);
    if (!Files.isRegularFile(named)) {
      throw tree.noSuchName(DataConfig.SECTION, "is not a name", datasets, DATASET);
    }
    tree.include(DataConfig.SECTION, ConfigTree.readYaml(named));
  }

  private static void includeModel(ConfigTree tree, Path models) throws IOException {
    if (tree.text(MODEL) == null) {
      return;
    }
    Path named = models.resolve(tree.text(MODEL) + NETWORK);
    Path file = Files.isRegularFile(named) ? named : Path.of(tree.text(MODEL));
    if (!Files.isRegularFile(file)) {
      throw tree.noSuchName(MODEL, "is neither a file nor a name", models, NETWORK);
    }
    ModelConfig.read(file); // in JSON more is refused than in YAML
    tree.include(MODEL, ConfigTree.readJson(file));
  }

  /** The network. */
  public ModelConfig model() {
    return keys.model();
  }

  /** Where the weights start. */
  public InitConfig init() {
    return keys.init();
  }

  /** The optimiser. */
  public AdamWConfig optimizer() {
    return keys.optimizer();
  }

  /** The learning rate over the run. */
  public ScheduleConfig schedule() {
    return keys.schedule();
  }

  /** Weights of the criterion. */
  public CriterionConfig loss() {
    return keys.loss();
  }

  /** The {@code train} section. */
  public LoopConfig loop() {
    return keys.train();
  }

  /** Folder of the run. */
  public Path output() {
    return keys.output();
  }

  /** The configuration with all defaults as YAML that {@link #read} takes. */
  public String print() {
    return ConfigTree.print(keys);
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
