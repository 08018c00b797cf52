package org.spike2former.verify.training;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.Gradients;
import org.spike2former.tensor.autograd.TapeOps;
import org.spike2former.verify.ParityOptions;
import org.spike2former.verify.compare.Bits;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;
import org.spike2former.verify.folder.FixtureFolder;
import org.spike2former.verify.folder.Layouts;
import org.spike2former.verify.folder.RecordedFile;

/**
 * One forward and backward pass in training mode, compared with a folder's {@code
 * grads_train_f64.safetensors}: the loss is {@code Σ cls_scores·upstream.cls_scores + Σ
 * mask_preds·upstream.mask_preds}, or {@code Σ logits·upstream.logits} of an FPN, {@code grad.NAME}
 * its gradients with respect to parameters and the input, {@code buf.NAME} the running buffers
 * after the pass, and {@code head.NAME} its outputs.
 */
public final class GradientParity {
  /** Greatest error in float64, relative to the recorded tensor's largest magnitude. */
  public static final double F64_TOLERANCE = 1e-8;

  /** Greatest error in float32, likewise. */
  public static final double F32_TOLERANCE = 1e-4;

  /**
   * A gradient smaller than this share of the largest one in its block is zero in truth, as that of
   * a bias in front of a BatchNorm: what is left is rounding error relative to the block's, however
   * large the loss, and it is compared with that. In float64 the computed one must be as small a
   * share.
   */
  static final double ZERO = 1e-9;

  /** As {@link #ZERO}, in float32; there the computed one may differ by the tolerance's share. */
  static final double CANCELLED = 1e-3;

  private static final String INPUT = "input";
  private static final String GRADIENT = "grad.";
  private static final String BUFFER = "buf.";
  private static final String UPSTREAM = "upstream.";

  private final FixtureFolder folder;
  private final List<String> outputNames;
  private final RecordedFile recorded;
  private final Layouts layouts;
  private final Tensor input;

  /**
   * Reads the folder's input.
   *
   * @throws IllegalArgumentException if the folder {@linkplain #isIn holds no gradients}
   */
  public GradientParity(FixtureFolder folder) {
    List<RecordedFile> files = folder.recorded(ComparisonKind.GRADIENT);
    if (files.isEmpty()) {
      throw new IllegalArgumentException(folder.path() + " holds no gradients");
    }
    this.folder = folder;
    outputNames =
        folder.config().queries() > 0
            ? List.of("head.cls_scores", "head.mask_preds")
            : List.of("head.logits");
    recorded = files.get(0);
    layouts = new Layouts(folder.config().backbone().timeSteps(), folder.input().dim(0));
    input = layouts.toModel(INPUT, folder.input());
  }

  /** Whether a folder holds gradients to compare with. */
  public static boolean isIn(FixtureFolder folder) {
    return !folder.recorded(ComparisonKind.GRADIENT).isEmpty();
  }

  /** As {@link #run(ParityOptions, Function, List)} with the default tolerances. */
  public List<Section> run(
      List<Precision> precisions,
      Function<Precision, TapeOps> backend,
      List<Function<Precision, TapeOps>> others)
      throws IOException {
    return run(ParityOptions.of(precisions), backend, others);
  }

  /**
   * Runs.
   *
   * @param options of which precisions and tolerances count
   * @param backend makes the operations to verify
   * @param others implementations whose bits should be the same; may be empty
   * @throws IOException if a recording or the weights cannot be read
   */
  public List<Section> run(
      ParityOptions options,
      Function<Precision, TapeOps> backend,
      List<Function<Precision, TapeOps>> others)
      throws IOException {
    List<Section> sections = new ArrayList<>();
    for (Precision precision : options.precisions()) {
      TapeOps ops = backend.apply(precision);
      Map<String, Tensor> computed = pass(ops);
      sections.add(compare(ops, computed, options.tolerances()));
      for (Function<Precision, TapeOps> other : others) {
        TapeOps second = other.apply(precision);
        sections.add(againstItself(ops, computed, second, pass(second)));
      }
    }
    return sections;
  }

  /** Every recorded name with what this implementation computes for it. */
  private Map<String, Tensor> pass(TapeOps ops) throws IOException {
    Network network = Network.of(folder.config());
    ModelWeights.load(network.parameters(), folder.weights(), false);
    for (Parameter parameter : network.parameters().all()) {
      if (parameter.isSet()) {
        parameter.set(parameter.value().to(ops.precision().type()));
      }
    }
    ops.beginRun(true);
    Tensor image = ops.variable(input.to(ops.precision().type()));
    List<Tensor> outputs = network.trainingOutputs(ops, image);
    List<Tensor> upstream = new ArrayList<>();
    Map<String, Tensor> computed = new LinkedHashMap<>();
    for (int i = 0; i < outputNames.size(); i++) {
      String name = outputNames.get(i);
      Tensor given = recorded.read(name.replace("head.", UPSTREAM));
      upstream.add(layouts.toModel(name, given).to(ops.precision().type()));
      computed.put(name, layouts.toRecorded(name, outputs.get(i)).copy());
    }
    Gradients gradients = ops.backward(outputs, upstream);
    computed.put(GRADIENT + INPUT, layouts.toRecorded(INPUT, gradients.of(image)));
    gradients.all().forEach((parameter, g) -> computed.put(GRADIENT + parameter.name(), g));
    for (Parameter parameter : network.parameters().all()) {
      if (!parameter.trainable()) {
        computed.put(BUFFER + parameter.name(), parameter.value());
      }
    }
    return computed;
  }

  private Section compare(TapeOps ops, Map<String, Tensor> computed, Tolerances tolerances)
      throws IOException {
    double tolerance = tolerances.gradient(ops.precision());
    Map<String, Double> blocks = new HashMap<>();
    for (String name : recorded.names()) {
      if (kind(name) == ComparisonKind.GRADIENT) {
        blocks.merge(block(name), Difference.largest(recorded.read(name)), Math::max);
      }
    }
    List<TensorComparison> rows = new ArrayList<>();
    for (String name : recorded.names()) {
      if (name.startsWith(GRADIENT) || name.startsWith(BUFFER) || outputNames.contains(name)) {
        Tensor found = computed.get(name);
        Tensor expected = recorded.read(name);
        if (found == null) {
          rows.add(TensorComparison.failed(name, kind(name), expected.size(), "has no gradient"));
        } else {
          double limit = absoluteLimit(ops.precision(), name, expected, blocks, tolerance);
          rows.add(row(name, expected, found, tolerance, limit));
        }
      }
    }
    return new Section(
        "gradients, " + ops.precision().title(), ops.describe(), tolerance, rows, List.of());
  }

  /** Error allowed whatever the expected tensor's magnitude; 0 for none. */
  private static double absoluteLimit(
      Precision precision,
      String name,
      Tensor expected,
      Map<String, Double> blocks,
      double tolerance) {
    if (kind(name) != ComparisonKind.GRADIENT) {
      return 0;
    }
    double largest = Difference.largest(expected);
    double around = blocks.get(block(name));
    if (precision == Precision.F64) {
      return largest < ZERO * around ? ZERO * around : 0;
    }
    return largest < CANCELLED * around ? tolerance * around : 0;
  }

  /** The module around a parameter's own: its name without the last two parts. */
  private static String block(String name) {
    String module = name.substring(0, Math.max(0, name.lastIndexOf('.')));
    return module.substring(0, Math.max(0, module.lastIndexOf('.')));
  }

  private static TensorComparison row(
      String name, Tensor expected, Tensor found, double tolerance, double absoluteLimit) {
    Difference difference = Difference.of(name, expected, found);
    return absoluteLimit > 0
        ? TensorComparison.small(name, kind(name), difference, absoluteLimit, expected.shape())
        : TensorComparison.real(name, kind(name), difference, tolerance, expected.shape());
  }

  private static ComparisonKind kind(String name) {
    if (name.startsWith(GRADIENT)) {
      return ComparisonKind.GRADIENT;
    }
    return name.startsWith(BUFFER) ? ComparisonKind.BUFFER : ComparisonKind.OUTPUT;
  }

  private static Section againstItself(
      TapeOps ops, Map<String, Tensor> computed, TapeOps other, Map<String, Tensor> theirs) {
    return new Section(
        String.format(
            Locale.ROOT,
            "gradients against themselves, %s: %s",
            ops.precision().title(),
            other.describe()),
        ops.describe(),
        0,
        Bits.compare(computed, theirs, GradientParity::kind),
        List.of());
  }
}
