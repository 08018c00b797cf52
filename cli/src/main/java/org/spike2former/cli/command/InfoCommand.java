package org.spike2former.cli.command;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.WeightsKeyOption;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.config.Ranges;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.NetworkSize;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.model.weights.Preset;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.Printable;
import org.spike2former.tensor.io.ShardedArchive;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f info}: what is in a model folder, a checkpoint or a published configuration. */
@Command(
    name = "info",
    description = "Shows parameters, tensors and configuration of a model or checkpoint.",
    mixinStandardHelpOptions = true)
public final class InfoCommand implements Callable<Integer> {
  /** Ends the names of configurations with the release's constants. */
  private static final String RELEASE = "-release";

  /** Names in a file may hold what a terminal acts on. */
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build()
          .writerWithDefaultPrettyPrinter();

  @Parameters(
      paramLabel = "MODEL_DIR|CHECKPOINT|NAME",
      description =
          "A model folder, a weights file, or the name of a network in configs/models or of a model"
              + " in models.")
  private String source;

  @Option(names = "--tensors", description = "List every tensor.")
  private boolean tensors;

  @Mixin private WeightsKeyOption weightsKey;

  @Option(names = "--json", description = "Print as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path path =
        Home.networks().find(Path.of(source)) == null
            ? Home.model(Path.of(source))
            : Path.of(source);
    ObjectNode info;
    if (Files.isDirectory(path) && Files.exists(path.resolve(ModelFolder.CONFIG))) {
      Network network = ModelFolder.load(path, weightsKey.key(), false);
      info = network(network, ModelFolder.CONFIG + " and weights of " + path);
      info.put("tasks", tasks(path, network.config()));
      info.set("checkpoint", checkpoint(ModelFolder.weights(path)));
    } else if (Files.exists(path) && source.endsWith(".json")) {
      info = network(Network.of(ModelConfig.read(path)), source);
    } else if (Files.exists(path)) {
      info = checkpoint(path);
    } else if (Home.networks().find(path) != null) {
      info = published(source);
    } else {
      throw new FormatException(
          path,
          "neither a file or folder nor a name in "
              + Home.networks().folder()
              + Home.networks().suggestion(source));
    }
    if (json) {
      System.out.println(JSON.writeValueAsString(info));
    } else {
      print("", info);
    }
    return 0;
  }

  /** What the classes of a folder say that its network can do; semantic where it has none. */
  private static String tasks(Path folder, ModelConfig config) throws IOException {
    Path file = folder.resolve("classes.json");
    if (!Files.exists(file) || config.queries() == 0) {
      return Ranges.word(Task.SEMANTIC);
    }
    ClassTable classes = ClassTable.read(file);
    String tasks = Task.of(classes).stream().map(Ranges::word).collect(Collectors.joining(", "));
    return classes.things() == 0
        ? tasks
        : String.format(
            Locale.ROOT,
            "%s (%d of %d classes are things)",
            tasks,
            classes.things(),
            classes.size());
  }

  /** A configuration by name; with the one that the release's own checkpoints need. */
  private ObjectNode published(String name) throws IOException {
    ModelConfig config = ModelConfig.read(Home.networks().named(name));
    ObjectNode info = network(Network.of(config), name);
    if (Files.exists(Home.networks().named(name + RELEASE))) {
      int classes = ModelConfig.read(Home.networks().named(name + RELEASE)).head().classes();
      String differently = classes == config.head().classes() ? "" : " (" + classes + " classes)";
      info.put("as the published code trains it", name + RELEASE + differently);
    }
    return info;
  }

  private ObjectNode network(Network network, String of) {
    ParameterSet parameters = network.parameters();
    ObjectNode info = JsonNodeFactory.instance.objectNode();
    info.put("model", of);
    info.put("parameters", parameters.count(""));
    ObjectNode parts = info.putObject("parameters by part");
    for (NetworkPart part : NetworkPart.values()) {
      if (parameters.count(part) > 0) {
        parts.put(part.title(), parameters.count(part));
      }
    }
    info.put("tensors", parameters.all().size());
    info.put("bytes as float32", Float.BYTES * NetworkSize.of(network.config()).elements());
    info.put("preset", preset(network.config()));
    info.set("configuration", new ObjectMapper().valueToTree(network.config()));
    if (tensors) {
      ObjectNode list = info.putObject("tensor list");
      for (Parameter parameter : parameters.all()) {
        list.put(parameter.name(), Shape.toString(parameter.shape()));
      }
    }
    return info;
  }

  private static String preset(ModelConfig config) {
    int backbone = config.backbone().neuron().maxSpikes();
    int head = config.head().neuron().maxSpikes();
    String constants =
        backbone == head ? "D = " + head : "D = " + backbone + " in the backbone, " + head;
    return Preset.of(config)
        .map(preset -> preset + ", " + constants + ", norm = D")
        .orElse("none, constants of its own");
  }

  private ObjectNode checkpoint(Path source) throws IOException {
    ObjectNode info = JsonNodeFactory.instance.objectNode();
    try (TensorArchive archive = open(source)) {
      info.put("file", archive.path().toString());
      info.put("bytes", Files.size(archive.path()));
      if (archive instanceof ShardedArchive sharded) {
        ObjectNode parts = info.putObject("parts");
        for (Path part : sharded.parts()) {
          parts.put(part.getFileName().toString(), Files.size(part));
        }
      }
      if (!(archive.container().isEmpty() && archive.otherContainers().isEmpty())) {
        info.put("tensors taken from", archive.container().isEmpty() ? "top" : archive.container());
      }
      if (!archive.otherContainers().isEmpty()) {
        info.put("other tensors", String.join(", ", archive.otherContainers()));
      }
      info.put("tensors", archive.names().size());
      Map<String, Long> types = new TreeMap<>();
      long elements = 0;
      for (String name : archive.names()) {
        elements += Shape.size(archive.shape(name));
        types.merge(archive.type(name).name(), 1L, Long::sum);
      }
      info.put("elements", elements);
      ObjectNode byType = info.putObject("tensors by type");
      types.forEach(byType::put);
      if (!archive.unread().isEmpty()) {
        ObjectNode unread = info.putObject("not read");
        archive.unread().forEach(each -> unread.put(each.key(), each.description()));
      }
      if (tensors) {
        ObjectNode list = info.putObject("tensor list");
        for (String name : archive.names()) {
          list.put(name, archive.type(name) + " " + Shape.toString(archive.shape(name)));
        }
      }
    }
    return info;
  }

  /** The usual tensors, or those of the key: a dictionary of the file or a prefix of names. */
  private TensorArchive open(Path file) throws IOException {
    String key = weightsKey.key();
    try {
      return TensorFiles.open(file, key);
    } catch (FormatException e) {
      if (key == null) {
        throw e;
      }
      TensorArchive usual = TensorFiles.open(file);
      if (usual.names().stream().anyMatch(name -> name.startsWith(key))) {
        return usual;
      }
      usual.close();
      throw e;
    }
  }

  private static void print(String indent, ObjectNode node) {
    node.properties()
        .forEach(
            entry -> {
              String key = indent + Printable.of(entry.getKey());
              JsonNode value = entry.getValue();
              if (value instanceof ObjectNode inner) {
                System.out.println(key);
                print(indent + "  ", inner);
              } else if (value.isIntegralNumber()) {
                System.out.printf(Locale.ROOT, "%s: %,d%n", key, value.asLong());
              } else {
                String text = value.isTextual() ? value.asText() : value.toString();
                System.out.println(key + ": " + Printable.of(text));
              }
            });
  }
}
