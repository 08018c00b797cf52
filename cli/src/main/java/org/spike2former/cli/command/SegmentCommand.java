package org.spike2former.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.cli.Main;
import org.spike2former.cli.cluster.ClusterOptions;
import org.spike2former.cli.cluster.ImageCommand;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.ImageInputs;
import org.spike2former.cli.option.ImageInputs.Input;
import org.spike2former.cli.option.PanopticLimits;
import org.spike2former.cli.option.WeightsKeyOption;
import org.spike2former.cli.option.WeightsOption;
import org.spike2former.cli.option.WindowOptions;
import org.spike2former.cli.report.SegmentPass;
import org.spike2former.cli.report.SegmentTally;
import org.spike2former.cli.report.TaskOutput;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.model.Arithmetic;
import org.spike2former.model.Segmenter;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.io.FormatException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code s2f segment}: images in, overlays and label maps out. */
@Command(
    name = "segment",
    header = "Segments images.",
    description = {
      "Writes a picture, NAME-overlay.png, for each image, and with it",
      "semantic: NAME-labels.png, the class of every pixel;",
      "panoptic: NAME-panoptic.png, ids of segments in COCO's colours, and NAME-segments.json;",
      "instance: NAME-instances.json, a COCO result file with run-length masks."
    },
    mixinStandardHelpOptions = true)
public final class SegmentCommand implements Callable<Integer>, ImageCommand {
  /** Most photos that are read, computed or written at once; each takes memory. */
  private static final int MOST_LANES = 4;

  @ParentCommand private Main main;

  @Mixin private ImageInputs images;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL_DIR",
      description = "Model folder (default: the bundled CamVid model).")
  private Path model;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Folder for the results (default: the current one).",
      defaultValue = ".")
  private Path output;

  @Option(
      names = "--task",
      paramLabel = "semantic|panoptic|instance",
      description = "What to tell apart (default: semantic); s2f info says what a model can do.",
      defaultValue = "semantic")
  private Task task;

  @Mixin private PanopticLimits limits;

  @Option(
      names = "--slide",
      description = "Average over windows that slide over the image; see --crop and --stride.")
  private boolean slide;

  @Mixin private WindowOptions windows;

  @Option(
      names = "--tta",
      description = "Average over six sizes from 0.5 to 1.75 and mirror images.")
  private boolean tta;

  @Option(
      names = "--confidence",
      description = {
        "Write NAME-confidence.png, the winning class's share of all classes' scores (black 0,"
            + " white 1), and print the share of pixels where it is below 0.5."
      })
  private boolean confidence;

  @Option(
      names = "--opacity",
      paramLabel = "0…1",
      description = "Of the colours over the photo (default: 0.5).",
      defaultValue = "0.5")
  private double opacity;

  @Option(names = "--no-legend", description = "Leave the legend out of the overlay.")
  private boolean noLegend;

  @Mixin private ComputeOptions compute;

  @Mixin private WeightsOption weights;

  @Mixin private WeightsKeyOption weightsKey;

  @Option(
      names = "--precision",
      paramLabel = "f32|f64",
      description = "f32 (default) or f64.",
      defaultValue = "f32")
  private Precision precision;

  @Option(
      names = "--arithmetic",
      paramLabel = "plain|integer|spikes",
      description = {
        "How weights are applied to spikes (default: plain, the layers as they are).",
        "integer and spikes run the network's deployment form: all that is linear between two"
            + " neurons is merged into one layer, in f64 with fixed-point weights. integer"
            + " multiplies weights by integer spikes; spikes runs T×D binary steps that only add"
            + " weights. In f64 both give the same digest, and plain the same labels."
      },
      defaultValue = "plain")
  private Arithmetic arithmetic;

  @Option(
      names = "--count",
      description = "Print the additions and multiplications by kind; for integer and spikes.")
  private boolean count;

  @Option(
      names = "--digest",
      description =
          "Print the SHA-256 of the logits' bits, and that of the label map; of segments or"
              + " instances that of all that was found.")
  private boolean digest;

  @Option(names = "--allow-missing", description = "Accept a checkpoint that lacks names.")
  private boolean allowMissing;

  @Mixin private ClusterOptions cluster;

  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (count && arithmetic == Arithmetic.PLAIN) {
      throw new IllegalArgumentException("--count needs --arithmetic integer or spikes");
    }
    PassRunner machines = cluster.runner(this);
    TaskOutput<?> out = taskOutput();
    ImageInputs.Listing listing = images.list(output, out.files(), TaskOutput.PICTURES);
    List<Input> inputs = listing.inputs();
    if (cluster.given() && inputs.stream().anyMatch(input -> input.file() == null)) {
      throw new IllegalArgumentException("standard input is for one machine: no --cluster");
    }
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw new IllegalArgumentException(output + ": not a folder");
    }
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    int[] failures = new int[1];
    listing.leftOut().forEach(Errors::print);
    try (SegmentPass<?> pass = pass(inputs, out, model());
        Progress progress = new Progress("segment", inputs.size())) {
      machines.run(
          pass,
          (_, part) -> {
            for (SegmentTally.Found found : part.found()) {
              if (found.error() == null) {
                results.add(report(out, inputs.get(found.image()), found, progress));
              } else {
                failures[0]++;
                progress.makeRoom();
                Errors.print(found.error());
                if (found.trace() != null) {
                  System.err.print(found.trace());
                }
              }
              progress.step();
            }
          });
    }
    if (json) {
      System.out.println(results.toPrettyString());
    } else if (results.size() > 1) {
      printTimes(results);
    }
    return failures[0] == 0 ? 0 : Main.BAD_INPUT;
  }

  @Override
  public Path model() {
    return Home.model(model);
  }

  @Override
  public Path output() {
    return output;
  }

  @Override
  public ImagePass<?, ?> pass(Path folder, int processors) throws IOException {
    compute.useProcessors(processors);
    TaskOutput<?> out = taskOutput();
    return pass(images.list(output, out.files(), TaskOutput.PICTURES).inputs(), out, folder);
  }

  private TaskOutput<?> taskOutput() {
    OverlayStyle style = new OverlayStyle(opacity, !noLegend);
    return TaskOutput.of(
        task, new TaskOutput.Wanted(limits.read(task), inference(), digest, confidence, style));
  }

  private Inference inference() {
    if (!slide && windows.given()) {
      throw new IllegalArgumentException("--crop and --stride need --slide");
    }
    Inference views = Inference.WHOLE.withWindow(slide ? windows.read(null) : null);
    return tta ? views.withAugmentation() : views;
  }

  private <R> SegmentPass<R> pass(List<Input> inputs, TaskOutput<R> out, Path folder) {
    return new SegmentPass<>(
        inputs,
        out,
        image -> files(out, image),
        new SegmentPass.Extras(digest, count, main.isVerbose()),
        Math.min(compute.threads() + 1, MOST_LANES),
        () -> load(folder));
  }

  private Segmenter load(Path folder) throws IOException {
    Segmenter segmenter =
        compute.load(folder, precision, weights.type(), arithmetic, allowMissing, weightsKey.key());
    try {
      requireTask(segmenter, folder);
      Files.createDirectories(output);
      return segmenter;
    } catch (IOException | RuntimeException e) {
      segmenter.close();
      throw e;
    }
  }

  private void requireTask(Segmenter segmenter, Path folder) throws FormatException {
    if (task != Task.SEMANTIC && !segmenter.hasQueries()) {
      throw new FormatException(
          folder.resolve(ModelFolder.CONFIG),
          "its head has no queries, so this model does semantic segmentation alone");
    }
    if (!segmenter.tasks().contains(task)) {
      throw new FormatException(
          folder.resolve("classes.json"),
          "names no things, so this model does semantic segmentation alone");
    }
  }

  private ObjectNode report(
      TaskOutput<?> out, Input image, SegmentTally.Found found, Progress progress) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("image", image.name()).setAll(found.json());
    List<Path> files = files(out, image);
    for (int i = 0; i < files.size(); i++) {
      // "overlay", but "segments_json": what is in that file is under "segments".
      String key = out.files().get(i).replace(".png", "").replace('.', '_');
      node.put(key, files.get(i).toString());
    }
    if (!json) {
      progress.makeRoom();
      System.out.printf(
          Locale.ROOT,
          "%s  %d×%d  %.3f s  (%s)%n",
          image.name(),
          node.get("width").asInt(),
          node.get("height").asInt(),
          node.get("seconds").asDouble(),
          node.get("backend").asText());
      System.out.print(found.lines());
      System.out.println(
          "  → " + files.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }
    return node;
  }

  private static void printTimes(ArrayNode results) {
    DescriptiveStatistics seconds = new DescriptiveStatistics();
    results.forEach(node -> seconds.addValue(node.get("seconds").asDouble()));
    System.out.printf(
        Locale.ROOT,
        "%d images: median %.3f s, 95 %% within %.3f s%n",
        results.size(),
        seconds.getPercentile(50),
        seconds.getPercentile(95));
  }

  private List<Path> files(TaskOutput<?> out, Input image) {
    return out.files().stream().map(ending -> image.result(output, ending)).toList();
  }
}
