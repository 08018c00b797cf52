package org.spike2former.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Task;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.Layout;
import org.spike2former.data.metric.SemanticMetric;
import org.spike2former.train.Quality;
import org.spike2former.train.config.TrainConfig;

/**
 * What a run reads besides its configuration, in short, to notice when it goes on with something
 * else: the files that the configuration names, and of every image and label file name and size.
 * Not their times, which copies do not keep, nor their content, which would take long to read.
 */
public final class RunInputs {
  /** The key of the {@link #files} to learn from. */
  public static final String TRAINING = "training images";

  private static final String TASK = "task";
  private static final String METRIC = "metric";

  private RunInputs() {}

  /** For each input a text that changes when it does. */
  public static ObjectNode of(TrainConfig config, Dataset training, Dataset validation) {
    ClassTable classes = config.data().classes();
    ObjectNode inputs = JsonNodeFactory.instance.objectNode();
    if (config.data().task() == Task.PANOPTIC) {
      inputs.put(TASK, Ranges.word(Task.PANOPTIC));
    } else if (config.data().metric() != SemanticMetric.MIOU) {
      inputs.put(METRIC, config.data().metric().key());
    }
    inputs.put("model", hash(List.of(config.model().toJson())));
    List<String> meaning =
        new ArrayList<>(List.of(classes.names().toString(), "ignore " + classes.ignoreIndex()));
    if (training.task() == Task.PANOPTIC) {
      meaning.add("things " + classes.things());
    }
    inputs.put("classes", hash(meaning));
    inputs.put(TRAINING, files(training));
    inputs.put("validation images", files(validation));
    return inputs;
  }

  /** The task of the run that a checkpoint's inputs are of. */
  public static Task task(JsonNode inputs) {
    return inputs.has(TASK) ? Task.PANOPTIC : Task.SEMANTIC;
  }

  /** The measure by which the run that a checkpoint's inputs are of knows its best model. */
  public static Quality quality(JsonNode inputs) {
    boolean dice = inputs.path(METRIC).asText("").equals(SemanticMetric.MDICE.key());
    return Quality.of(task(inputs), dice ? SemanticMetric.MDICE : SemanticMetric.MIOU);
  }

  /** A data set's images in short: how many, and a sum of their names and sizes. */
  public static String files(Dataset dataset) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < dataset.size(); i++) {
      Layout.Entry entry = dataset.entry(i);
      texts.add(entry.name() + " " + size(entry.image()) + " " + size(entry.labels()));
    }
    return dataset.size() + " (" + hash(texts) + ")";
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException _) {
      return -1;
    }
  }

  private static String hash(List<String> texts) {
    CRC32C sum = new CRC32C();
    for (String text : texts) {
      sum.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  /**
   * A line for each input that is not what it was.
   *
   * @param before from a checkpoint; inputs that it does not know count as unchanged
   */
  public static List<String> changes(JsonNode before, ObjectNode now) {
    List<String> lines = new ArrayList<>();
    now.properties()
        .forEach(
            input -> {
              String was = before.path(input.getKey()).asText("");
              String is = input.getValue().asText();
              if (!was.isEmpty() && !was.equals(is)) {
                lines.add(
                    "warning: "
                        + input.getKey()
                        + " not as at the checkpoint: "
                        + was
                        + " then, "
                        + is
                        + " now; what follows is not what a run that never stopped gives");
              }
            });
    return lines;
  }
}
