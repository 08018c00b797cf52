package org.spike2former.train.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.spike2former.data.Task;
import org.spike2former.data.config.ConfigBases;
import org.spike2former.data.config.ConfigException;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.config.Shipped;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.DataSection;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.ModelConfig.BackboneConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.NetworkSize;
import org.spike2former.train.loss.CriterionConfig;
import org.spike2former.train.optimiser.AdamWConfig;

/**
 * A run's configuration, from YAML. Paths in it are relative to the current folder, but for {@code
 * base}, see {@link ConfigBases}. Where nothing is said of the number of classes, it is that of the
 * data set: a named network, or one in JSON, is a base whose number does not count as said.
 *
 * @param file where it came from, for errors
 * @param tree what the file and its overrides say, without defaults
 * @param keys what they say, with all defaults
 * @param data what the section {@code data} means
 */
public record TrainConfig(Path file, ObjectNode tree, Keys keys, DataConfig data) {
  private static final String MODEL = "model";
  private static final String OUTPUT = "output";
  private static final String CLASSES = "model.head.classes";
  private static final String CHANNELS = "model.backbone.in_channels";
  private static final Pattern INDIFFERENT =
      Pattern.compile(
          "output(\\..*)?|data\\.root|data\\.loader\\.threads"
              + "|train\\.(threads|checkpoint_every|log_every|keep)");

  /** The keys of the file. */
  public record Keys(
      @JsonPropertyDescription(
              "keys of a model.json, the path of one, or a published name; with base, that of"
                  + " another whose keys are overridden")
          @JsonProperty(required = true)
          ModelConfig model,
      @JsonPropertyDescription("where the weights start") InitConfig init,
      @JsonPropertyDescription(
              "keys of a data set, the path of one, or a name in configs/datasets; with base, that"
                  + " of another whose keys are overridden")
          @JsonProperty(required = true)
          DataSection data,
      @JsonPropertyDescription("AdamW") AdamWConfig optimizer,
      @JsonPropertyDescription("schedule of the learning rate") ScheduleConfig schedule,
      @JsonPropertyDescription("weights of the criterion") CriterionConfig loss,
      @JsonPropertyDescription("how the run goes") @JsonProperty(required = true) LoopConfig train,
      @JsonPropertyDescription("folder of the run, or keys that say what is written there")
          @JsonProperty(required = true)
          OutputConfig output) {
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
   * @param configs folder with {@code NAME.yaml}, {@code models/NAME.json} and {@code
   *     datasets/NAME.yaml}
   * @throws IOException "FILE: line N: KEY: what is wrong"
   * @throws IllegalArgumentException for an override that cannot be read
   */
  public static TrainConfig read(Path file, List<String> overrides, Path configs)
      throws IOException {
    ConfigTree tree = ConfigBases.read(file, Shipped.trainings(configs));
    overrides.forEach(tree::override);
    DataConfig.include(tree, configs);
    boolean counted = tree.root().at("/model/head").hasNonNull("classes");
    boolean channelled = tree.root().at("/model/backbone").hasNonNull("in_channels");
    if (tree.text(MODEL) == null) {
      includeModel(tree, configs);
    }
    // Checkpoints compare what the file says, so the name of a model stays in the first tree.
    ConfigTree whole = tree.copy();
    includeModel(whole, configs);
    DataConfig data = data(whole);
    if (!counted && whole.root().path(MODEL).path("head").isObject()) {
      whole.set(CLASSES, data.classes().size());
      if (tree.text(MODEL) == null) {
        tree.set(CLASSES, data.classes().size());
      }
    }
    int channels = data.preprocessing().channels();
    if (!channelled && whole.root().path(MODEL).path("backbone").isObject()) {
      follow(whole, channels);
      if (tree.text(MODEL) == null) {
        follow(tree, channels);
      }
    }
    whole.openShort(OUTPUT);
    requireKeys(whole, MODEL, "the name of a network");
    requireKeys(whole, OUTPUT, "the path of a folder");
    Keys keys = whole.bind(Keys.class);
    NetworkSize.check(keys.model(), whole, MODEL);
    int classes = keys.model().head().classes();
    if (data.classes().size() != classes) {
      throw whole.error(
          CLASSES,
          "model has "
              + classes
              + " classes, the data set "
              + data.classes().size()
              + "; without this key it has as many as the data set");
    }
    if (keys.model().queries() == 0) {
      requireSemantic(whole, keys, data);
    }
    checkFrames(keys, data, whole);
    return new TrainConfig(file, tree.root(), keys, data);
  }

  /** What a network without queries cannot be trained with. */
  private static void requireSemantic(ConfigTree tree, Keys keys, DataConfig data)
      throws ConfigException {
    if (data.task() != Task.SEMANTIC) {
      throw tree.error(
          "data.task", "the model's head has no queries, so it learns classes alone: semantic");
    }
    CriterionConfig loss = keys.loss();
    if (!loss.equals(CriterionConfig.ofClasses(loss.classWeight(), loss.scale()))) {
      throw tree.error(
          "loss", "the model's head has no queries; of this section class_weight and scale count");
    }
  }

  /** The stem is as wide as the data set's images. What is usual is not written. */
  private static void follow(ConfigTree tree, int channels) {
    boolean given = tree.root().at("/model/backbone").hasNonNull("in_channels");
    if (given || channels != Preprocessing.COLORS) {
      tree.set(CHANNELS, channels);
    }
  }

  private static void checkFrames(Keys keys, DataConfig data, ConfigTree tree)
      throws ConfigException {
    BackboneConfig backbone = keys.model().backbone();
    int channels = data.preprocessing().channels();
    if (backbone.inChannels() != channels) {
      throw tree.error(
          CHANNELS,
          "the network takes "
              + backbone.inChannels()
              + " channels, the data set has "
              + channels
              + "; without this key it takes as many as the data set has");
    }
    int steps = data.frames() == null ? 1 : data.frames().steps();
    if (steps != 1 && steps != backbone.timeSteps()) {
      throw tree.error(
          "data.frames",
          steps
              + " frames in a file, but model.backbone.time_steps is "
              + backbone.timeSteps()
              + "; every time step sees one frame");
    }
  }

  private static DataConfig data(ConfigTree tree) throws IOException {
    requireKeys(tree, DataConfig.SECTION, "the name of a data set");
    DataSection keys = tree.bind(DataConfig.SECTION, DataSection.class);
    DataConfig data = DataConfig.of(keys, tree, DataConfig.SECTION + ".");
    if (data.classes() == null) {
      throw tree.error("data.classes", "missing; expected the names of the classes");
    }
    if (data.task() == Task.INSTANCE) {
      throw tree.error(
          "data.task", "instance is for evaluation; a network for it is trained with panoptic");
    }
    if (data.task() == Task.PANOPTIC && !data.inference().isPlain()) {
      throw tree.error(
          "data.inference.mode", "task panoptic is evaluated on whole images, not on windows");
    }
    return data;
  }

  private static void requireKeys(ConfigTree tree, String section, String or)
      throws ConfigException {
    JsonNode found = tree.root().path(section);
    if (!found.isObject()) {
      boolean missing = found.isMissingNode() || found.isNull();
      String problem = "expected " + or + ", or keys";
      throw tree.error(section, missing ? "missing; " + problem : problem + ", found " + found);
    }
  }

  private static void includeModel(ConfigTree tree, Path configs) throws IOException {
    ConfigBases.include(
        tree,
        MODEL,
        Shipped.networks(configs),
        base -> {
          ModelConfig.read(base); // in JSON more is refused than in YAML
          return ConfigTree.readJson(base);
        });
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

  /** A segmenter of a network of the run, as its evaluations compute. */
  public Segmenter segmenter(Network network) {
    SegmenterOptions options =
        SegmenterOptions.builder().precision(loop().precision()).threads(loop().threads()).build();
    return Segmenter.of(network, data.preprocessing(), data.classes(), options);
  }

  /** Folder of the run. */
  public Path output() {
    return keys.output().folder();
  }

  /** Whether event files for TensorBoard are written. */
  public boolean tensorboard() {
    return keys.output().tensorboard();
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
    Map<String, JsonNode> before = leaves(other);
    Map<String, JsonNode> now = leaves(tree);
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
    return List.copyOf(keys);
  }

  /** The keys of a configuration with their values, but for those that no result depends on. */
  public static Map<String, JsonNode> leaves(JsonNode tree) {
    Map<String, JsonNode> leaves = new TreeMap<>();
    flatten("", tree, leaves);
    leaves.keySet().removeIf(key -> INDIFFERENT.matcher(key).matches());
    return leaves;
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
