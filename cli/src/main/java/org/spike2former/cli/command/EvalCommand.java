package org.spike2former.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.spike2former.cli.cluster.ClusterOptions;
import org.spike2former.cli.cluster.ImageCommand;
import org.spike2former.cli.console.Errors;
import org.spike2former.cli.console.Progress;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.DataOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.PanopticLimits;
import org.spike2former.cli.option.WeightsKeyOption;
import org.spike2former.cli.option.WeightsOption;
import org.spike2former.cli.option.WindowOptions;
import org.spike2former.cli.report.EvalResult;
import org.spike2former.cli.report.InstanceResult;
import org.spike2former.cli.report.PanopticResult;
import org.spike2former.cli.report.SemanticResult;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.dataset.Inference;
import org.spike2former.data.dataset.InferenceSection;
import org.spike2former.data.loader.EvaluationPass;
import org.spike2former.data.loader.Evaluator;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.ObjectEvaluator;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.data.metric.ConfusionMatrix;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.metric.MaskPrecision.Detection;
import org.spike2former.data.metric.PanopticQuality;
import org.spike2former.model.Arithmetic;
import org.spike2former.model.InstanceSegmentation;
import org.spike2former.model.Segmenter;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.io.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f eval}: metrics of a model on a split of a data set. */
@Command(
    name = "eval",
    header = "Evaluates a model on a split of a data set.",
    description =
        "Segments every image at its own size and prints, pooled over the split, IoU, accuracy,"
            + " Dice, F-score, precision and recall of each class and their means; with task"
            + " panoptic PQ, SQ and RQ as panopticapi, with task instance AP and AR of masks as"
            + " COCO's evaluation.",
    mixinStandardHelpOptions = true)
public final class EvalCommand implements Callable<Integer>, ImageCommand {
  @Parameters(paramLabel = "MODEL_DIR", description = "Model folder, or the name of one in models.")
  private Path model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "CONFIG|DIR",
      description =
          "YAML file, a name in configs/datasets, or a folder that holds images and annotations.")
  private Path data;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = DataOptions.SPLIT,
      description = "train, val, test or the data set's own name (default: test).")
  private String split;

  @Mixin private DataOptions dataOptions;

  @Option(
      names = "--task",
      paramLabel = "semantic|panoptic|instance",
      description = "What is told apart (default: as the data set says).")
  private Task task;

  @Mixin private PanopticLimits limits;

  @Option(
      names = "--mode",
      paramLabel = "whole|slide",
      description = "Whole images, or windows whose logits are averaged (default: the data's).")
  private InferenceSection.Mode mode;

  @Mixin private WindowOptions windows;

  @Option(
      names = "--tta",
      description = "Average over six sizes from 0.5 to 1.75 and mirror images.")
  private boolean tta;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Writes metrics.json and per-class.csv there; with task semantic also confusion.csv and"
              + " confusion.png.")
  private Path output;

  @Option(names = "--save-labels", description = "With --output, also labels/NAME.png.")
  private boolean saveLabels;

  @Mixin private ComputeOptions compute;

  @Mixin private WeightsOption weights;

  @Mixin private WeightsKeyOption weightsKey;

  @Option(
      names = "--precision",
      paramLabel = "f32|f64",
      description = "f32 (default) or f64.",
      defaultValue = "f32")
  private Precision precision;

  @Option(names = "--allow-missing", description = "Accept a checkpoint that lacks names.")
  private boolean allowMissing;

  @Mixin private ClusterOptions cluster;

  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean json;

  /** A loaded model and the images that it is judged by. */
  private record Setup(
      Segmenter segmenter,
      Dataset dataset,
      OnBadImage onBadImage,
      Task task,
      PanopticOptions panoptic,
      Inference inference) {
    EvaluationPass<?, ConfusionMatrix> semantic(EvalCommand command) {
      return Evaluator.pass(
          dataset,
          image -> segmenter.segment(image, inference).labels(),
          onBadImage,
          (_, sample, labels) -> command.save(sample, labels, segmenter.classes()));
    }

    EvaluationPass<?, PanopticQuality> quality() {
      return ObjectEvaluator.quality(
          dataset,
          image -> segmenter.panoptic(image, panoptic, inference.resize()).map(),
          onBadImage);
    }

    EvaluationPass<?, MaskPrecision> precision() {
      return ObjectEvaluator.precision(
          dataset,
          image -> detections(segmenter.instances(image, panoptic, inference.resize())),
          onBadImage);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (saveLabels && output == null) {
      throw new IllegalArgumentException("--save-labels needs --output");
    }
    if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
      throw new IllegalArgumentException(output + ": not a folder");
    }
    PassRunner runner = cluster.runner(this);
    try (Segmenter segmenter = load(model())) {
      Setup setup = setUp(segmenter);
      Dataset dataset = setup.dataset;
      long start = System.nanoTime();
      EvalResult result;
      try (Progress progress = new Progress("eval", dataset.size())) {
        result = evaluate(setup, runner, progress);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      String backend = cluster.given() ? cluster.config().master() : segmenter.describe();
      ObjectNode report = report(setup, result, seconds, backend);
      if (output != null) {
        Files.createDirectories(output);
        AtomicFile.write(output.resolve("metrics.json"), report.toPrettyString() + "\n");
        result.write(output);
      }
      if (json) {
        System.out.println(report.toPrettyString());
      } else {
        print(dataset, setup.inference, result, seconds, backend);
      }
    }
    return 0;
  }

  private Segmenter load(Path folder) throws IOException {
    return compute.load(
        folder, precision, weights.type(), Arithmetic.PLAIN, allowMissing, weightsKey.key());
  }

  private Setup setUp(Segmenter segmenter) throws IOException {
    DataConfig config = dataOptions.read(data, segmenter.classes());
    Dataset dataset = config.dataset(split);
    requireSameClasses(segmenter.classes(), dataset.classes());
    Task chosen = task == null ? dataset.task() : task;
    PanopticOptions panoptic = limits.read(chosen);
    Inference inference = inference(config.inference());
    requireSupported(chosen, segmenter, inference);
    return new Setup(
        segmenter, dataset, dataOptions.onBadImage(config), chosen, panoptic, inference);
  }

  private EvalResult evaluate(Setup setup, PassRunner runner, Progress progress)
      throws IOException {
    Runnable step = progress::step;
    List<String> names = setup.dataset.classes().names();
    return switch (setup.task) {
      case SEMANTIC ->
          new SemanticResult(
              setup.dataset.name(),
              names,
              Evaluator.Result.of(setup.semantic(this).evaluate(runner, step)));
      case PANOPTIC -> new PanopticResult(names, setup.quality().evaluate(runner, step));
      case INSTANCE ->
          new InstanceResult(
              names.subList(0, setup.dataset.classes().things()),
              setup.precision().evaluate(runner, step));
    };
  }

  @Override
  public Path model() {
    return Home.model(model);
  }

  @Override
  public Path output() {
    return saveLabels ? output : null;
  }

  @Override
  public ImagePass<?, ?> pass(Path folder, int processors) throws IOException {
    compute.useProcessors(processors);
    Segmenter segmenter = load(folder);
    try {
      Setup setup = setUp(segmenter);
      return (switch (setup.task) {
            case SEMANTIC -> setup.semantic(this);
            case PANOPTIC -> setup.quality();
            case INSTANCE -> setup.precision();
          })
          .closing(segmenter::close);
    } catch (IOException | RuntimeException e) {
      segmenter.close();
      throw e;
    }
  }

  private static List<Detection> detections(InstanceSegmentation found) {
    return found.instances().stream()
        .map(each -> new Detection(each.category(), each.mask(), each.score()))
        .toList();
  }

  /** Masks are not averaged over views, and a model or data set may not tell things apart. */
  private void requireSupported(Task chosen, Segmenter segmenter, Inference inference) {
    if (chosen == Task.SEMANTIC) {
      return;
    }
    String name = "task " + Ranges.word(chosen);
    if (!segmenter.hasQueries()) {
      throw new IllegalArgumentException(
          Home.model(model).resolve(ModelFolder.CONFIG)
              + ": its head has no queries, so this model does semantic segmentation alone, not "
              + name);
    }
    if (!segmenter.tasks().contains(chosen)) {
      throw new IllegalArgumentException(
          Home.model(model).resolve("classes.json")
              + ": names no things, so this model does semantic segmentation alone, not "
              + name);
    }
    if (!inference.isPlain()) {
      throw new IllegalArgumentException(
          name + " takes whole images as they are: no --tta; --mode whole in place of windows");
    }
    if (saveLabels) {
      throw new IllegalArgumentException("--save-labels goes with task semantic");
    }
  }

  private Inference inference(Inference config) {
    boolean slide = mode == null ? config.window() != null : mode == InferenceSection.Mode.SLIDE;
    if (!slide && windows.given()) {
      throw new IllegalArgumentException("--crop and --stride need --mode slide");
    }
    Inference chosen = config.withWindow(slide ? windows.read(config.window()) : null);
    return tta ? chosen.withAugmentation() : chosen;
  }

  private void requireSameClasses(ClassTable ofModel, ClassTable ofData) throws IOException {
    if (ofModel.size() != ofData.size()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: the data have %d classes, the model has %d",
              data,
              ofData.size(),
              ofModel.size()));
    }
    for (int k = 0; k < ofData.size(); k++) {
      String name = ofData.names().get(k);
      if (!name.equals(ofModel.names().get(k))) {
        Errors.print(
            String.format(
                Locale.ROOT,
                "class %d is %s in the data and %s in the model",
                k,
                name,
                ofModel.names().get(k)));
        return;
      }
    }
  }

  private void save(Sample sample, LabelMap labels, ClassTable classes) throws IOException {
    if (saveLabels) {
      labels.writePng(output.resolve("labels").resolve(sample.name() + ".png"), classes);
    }
  }

  private String describe(Inference inference) {
    Inference.SlidingWindow window = inference.window();
    String how =
        window == null
            ? "whole"
            : String.format(
                Locale.ROOT,
                "windows of %dx%d every %dx%d",
                window.width(),
                window.height(),
                window.strideWidth(),
                window.strideHeight());
    return inference.isSingle() ? how : how + ", test-time augmentation";
  }

  private ObjectNode report(Setup setup, EvalResult result, double seconds, String backend) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("model", model.toString()).put("data", setup.dataset.name());
    if (setup.task != Task.SEMANTIC) {
      report.put("task", Ranges.word(setup.task));
    }
    report.put("images", result.images()).put("skipped", result.skipped().size());
    report.put("inference", describe(setup.inference));
    report.put("seconds", seconds).put("backend", backend);
    result.describe(report);
    return report;
  }

  private void print(
      Dataset dataset, Inference inference, EvalResult result, double seconds, String backend) {
    System.out.print(result.text());
    System.out.printf(
        Locale.ROOT,
        "%s: %d images%s, %s, %.1f s  (%s)%n",
        dataset.name(),
        result.images(),
        result.skipped().isEmpty() ? "" : ", " + result.skipped().size() + " skipped",
        describe(inference),
        seconds,
        backend);
    if (output != null) {
      System.out.println("→ " + output);
    }
  }
}
