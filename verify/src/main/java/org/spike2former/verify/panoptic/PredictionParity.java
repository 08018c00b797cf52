package org.spike2former.verify.panoptic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.spike2former.data.mask.BitMask;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.model.panoptic.Instance;
import org.spike2former.model.panoptic.PostProcessing;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.verify.Engine;
import org.spike2former.verify.compare.Bits;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.Difference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.folder.Layouts;
import org.spike2former.verify.folder.Recorded;

/**
 * Post-processing on a recorded case: {@code config.json} and, for each precision, {@code
 * f32.safetensors} or {@code f64.safetensors} with class scores, masks, and the segments and
 * instances that mmdetection's rules make of them. All but scores are compared exactly.
 */
public final class PredictionParity {
  /** Greatest error of a score in float64, relative to the greatest score. */
  static final double F64_TOLERANCE = 1e-9;

  /** Greatest error of a score in float32, likewise. */
  static final double F32_TOLERANCE = 1e-5;

  private static final String CONFIG = "config.json";
  private static final String SEGMENTS = "panoptic_seg";
  private static final String SCORES = "instances.scores";

  private final Path folder;
  private final PredictionCase config;

  /**
   * Reads the configuration.
   *
   * @throws IOException naming what is missing or wrong in it
   */
  public PredictionParity(Path folder) throws IOException {
    this.folder = folder;
    config = PredictionCase.read(folder.resolve(CONFIG));
  }

  /** Whether a folder is a case of post-processing: its configuration has the size of an image. */
  public static boolean isIn(Path folder) throws IOException {
    return PredictionCase.isIn(folder.resolve(CONFIG));
  }

  private Path file(Precision precision) {
    return folder.resolve(precision == Precision.F64 ? "f64.safetensors" : "f32.safetensors");
  }

  /**
   * Compares.
   *
   * @throws IOException naming the file and the tensor that is missing or of another shape
   */
  public List<Section> run(List<Precision> precisions, Engine engine, List<Engine> others)
      throws IOException {
    if (!Files.exists(file(Precision.F64)) && !Files.exists(file(Precision.F32))) {
      throw new FormatException(
          folder, "the folder has neither f64.safetensors nor f32.safetensors");
    }
    List<Section> sections = new ArrayList<>();
    for (Precision precision : precisions) {
      if (Files.exists(file(precision))) {
        try (Recorded recorded = Recorded.open(file(precision))) {
          sections.addAll(run(precision, recorded, engine, others));
        }
      }
    }
    return sections;
  }

  private List<Section> run(
      Precision precision, Recorded recorded, Engine engine, List<Engine> others)
      throws IOException {
    Tensor scores =
        input(recorded, precision, "cls_scores", config.queries(), config.classes() + 1);
    Tensor masks =
        input(
            recorded,
            precision,
            "mask_preds",
            config.queries(),
            config.maskSize().get(0),
            config.maskSize().get(1));
    Layouts layouts = new Layouts(1, 1);
    Tensor rows = layouts.toModel("head.cls_scores", prefixed(scores));
    Tensor maps = layouts.toModel("head.mask_preds", prefixed(masks));

    Map<String, Tensor> computed = compute(engine, rows, maps);
    double tolerance = precision == Precision.F64 ? F64_TOLERANCE : F32_TOLERANCE;
    List<TensorComparison> compared = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : computed.entrySet()) {
      compared.add(row(recorded, entry.getKey(), entry.getValue(), tolerance));
    }
    String name = precision.title();
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section("post-processing, " + name, threads(engine), tolerance, compared, List.of()));
    for (Engine other : others) {
      List<TensorComparison> bits =
          Bits.compare(compute(other, rows, maps), computed, _ -> ComparisonKind.OUTPUT);
      String title = "post-processing against itself, " + name + ": " + threads(other);
      sections.add(new Section(title, threads(engine), 0, bits, List.of()));
    }
    return sections;
  }

  private static Tensor input(Recorded recorded, Precision precision, String name, int... shape)
      throws IOException {
    Tensor tensor = recorded.read(name, shape.length);
    requireShape(recorded, name, tensor, shape);
    if (tensor.dtype() != precision.type()) {
      throw new FormatException(
          recorded.path(),
          name + ": expected type " + precision.type() + ", found " + tensor.dtype());
    }
    return tensor;
  }

  private static void requireShape(Recorded recorded, String name, Tensor tensor, int... shape)
      throws FormatException {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new FormatException(
          recorded.path(),
          name
              + ": expected shape "
              + Shape.toString(shape)
              + " as config.json says, found "
              + Shape.toString(tensor.shape()));
    }
  }

  /** With axes for the state and the image. */
  private static Tensor prefixed(Tensor x) {
    int[] shape = new int[x.rank() + 2];
    shape[0] = 1;
    shape[1] = 1;
    System.arraycopy(x.shape(), 0, shape, 2, x.rank());
    return x.reshape(shape);
  }

  private static String threads(Engine engine) {
    int threads = engine.workers().threads();
    return threads == 1 ? "1 thread" : threads + " threads";
  }

  private Map<String, Tensor> compute(Engine engine, Tensor scores, Tensor masks) {
    PostProcessing processing =
        new PostProcessing(config.things(), config.options(), engine.workers());
    PanopticMap map = processing.panoptic(scores, masks, config.frame());
    List<Instance> instances = processing.instances(scores, masks, config.frame());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(SEGMENTS, tensor(map.ids(), map.height(), map.width()));
    int count = instances.size();
    tensors.put(
        "instances.labels",
        tensor(instances.stream().mapToInt(Instance::category).toArray(), count));
    tensors.put(
        "instances.queries", tensor(instances.stream().mapToInt(Instance::query).toArray(), count));
    tensors.put(
        SCORES, Tensor.of(instances.stream().mapToDouble(Instance::score).toArray(), count));
    int[] boxes =
        instances.stream()
            .map(Instance::box)
            .flatMapToInt(box -> IntStream.of(box.x0(), box.y0(), box.x1(), box.y1()))
            .toArray();
    tensors.put("instances.boxes", tensor(boxes, count, 4));
    tensors.put("instances.masks", masks(instances, map.height(), map.width()));
    return tensors;
  }

  private static Tensor tensor(int[] numbers, int... shape) {
    return Tensor.of(Arrays.stream(numbers).asDoubleStream().toArray(), shape);
  }

  private static Tensor masks(List<Instance> instances, int height, int width) {
    byte[] bytes = new byte[Math.multiplyExact(instances.size(), height * width)];
    for (int i = 0; i < instances.size(); i++) {
      BitMask bits = instances.get(i).mask().toBits();
      for (int p = 0; p < height * width; p++) {
        bytes[i * height * width + p] = (byte) (bits.get(p / width, p % width) ? 1 : 0);
      }
    }
    return Tensor.labels(bytes, instances.size(), height, width);
  }

  private static TensorComparison row(
      Recorded recorded, String name, Tensor found, double tolerance) throws IOException {
    Tensor expected =
        name.equals("instances.masks")
            ? recorded.labels(name, found.rank())
            : recorded.read(name, found.rank()).to(DType.F64);
    if (!Arrays.equals(expected.shape(), found.shape())) {
      String note =
          "expected shape "
              + Shape.toString(expected.shape())
              + ", found "
              + Shape.toString(found.shape());
      return TensorComparison.failed(name, ComparisonKind.OUTPUT, expected.size(), note);
    }
    if (name.equals(SCORES)) {
      Difference difference = Difference.of(name, expected, found);
      return TensorComparison.real(
          name, ComparisonKind.OUTPUT, difference, tolerance, expected.shape());
    }
    return exact(name, expected, found);
  }

  private static TensorComparison exact(String name, Tensor expected, Tensor found) {
    long differing = 0;
    for (int i = 0; i < expected.size(); i++) {
      differing += expected.get(i) == found.get(i) ? 0 : 1;
    }
    TensorComparison row =
        TensorComparison.real(
            name, ComparisonKind.OUTPUT, Difference.of(name, expected, found), 0, expected.shape());
    return differing == 0 ? row : row.withNote(differing + " differ");
  }
}
