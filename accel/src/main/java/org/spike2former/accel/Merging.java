package org.spike2former.accel;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Int8Convolution;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.tensor.layer.Window;

/**
 * Branches that begin alike become one: dense layers of equal geometry on the same input, each of
 * which only a {@link Padded} layer reads, which again only one dense layer reads. The channels of
 * the first two lie side by side and each of the last reads its own; sums stay what they were.
 */
final class Merging {
  private final List<Step> steps;
  private final Map<Buffer, Integer> writers = new IdentityHashMap<>();
  private final Map<Buffer, List<Integer>> readers = new IdentityHashMap<>();

  /** What branches have in common: what they read, and how. */
  private record Beginning(Buffer x, boolean int8, Window dense, Window depthwise) {}

  /** Where a branch's layers are. */
  private record Branch(int dense, int depthwise, int last) {}

  private Merging(List<Step> steps) {
    this.steps = new ArrayList<>(steps);
    for (int i = 0; i < steps.size(); i++) {
      for (Buffer output : steps.get(i).outputs()) {
        writers.put(output, i);
      }
      for (Buffer input : steps.get(i).inputs()) {
        readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(i);
      }
    }
  }

  /** The same computation in fewer steps. */
  static List<Step> merge(List<Step> steps, Buffer result) {
    Merging merging = new Merging(steps);
    merging.readers.computeIfAbsent(result, _ -> new ArrayList<>()).add(steps.size());
    return merging.merged();
  }

  private List<Step> merged() {
    Map<Beginning, List<Branch>> found = new LinkedHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).operation() instanceof Padded padded) {
        Branch branch = branch(i, padded);
        if (branch != null) {
          found.computeIfAbsent(beginning(branch), _ -> new ArrayList<>()).add(branch);
        }
      }
    }
    found.values().stream().filter(branches -> branches.size() > 1).forEach(this::merge);
    return steps.stream().filter(step -> step != null).toList();
  }

  private Branch branch(int at, Padded padded) {
    Buffer x = padded.layer().x();
    int dense = writers.getOrDefault(x, -1);
    List<Integer> after = readers.getOrDefault(padded.output(), List.of());
    return dense >= 0
            && isPlain(steps.get(dense).operation())
            && readers.get(x).size() == 1
            && after.size() == 1
            && after.get(0) < steps.size()
            && steps.get(after.get(0)).operation() instanceof Finished(Convolution _, _)
        ? new Branch(dense, at, after.get(0))
        : null;
  }

  private static boolean isPlain(Operation operation) {
    return switch (operation) {
      case Convolution layer ->
          !layer.depthwise() && layer.residual() == null && layer.maxSpikes() == 0;
      case Int8Convolution layer ->
          !layer.depthwise()
              && layer.result() instanceof Int8Convolution.Potentials sums
              && sums.residual() == null;
      default -> false;
    };
  }

  private Beginning beginning(Branch branch) {
    Window depthwise = padded(branch).layer().window();
    return switch (steps.get(branch.dense()).operation()) {
      case Int8Convolution layer -> new Beginning(layer.x(), true, layer.window(), depthwise);
      case Convolution layer -> new Beginning(layer.x(), false, layer.window(), depthwise);
      default -> throw new IllegalStateException("no layer begins " + branch);
    };
  }

  private Padded padded(Branch branch) {
    return (Padded) steps.get(branch.depthwise()).operation();
  }

  private void merge(List<Branch> branches) {
    Operation dense = dense(branches.stream().map(b -> steps.get(b.dense()).operation()).toList());
    Padded depthwise = depthwise(branches.stream().map(this::padded).toList(), dense.output());
    int part = depthwise.output().length() / branches.size();
    for (int i = 0; i < branches.size(); i++) {
      Branch branch = branches.get(i);
      boolean first = i == 0;
      steps.set(branch.dense(), first ? renamed(branch.dense(), branches.size(), dense) : null);
      steps.set(
          branch.depthwise(),
          first ? renamed(branch.depthwise(), branches.size(), depthwise) : null);
      Step last = steps.get(branch.last());
      Finished before = (Finished) last.operation();
      Convolution layer = (Convolution) before.of();
      Convolution onPart =
          new Convolution(
              false,
              depthwise.output().part(i * part, part),
              layer.weights(),
              layer.bias(),
              null,
              0,
              layer.window(),
              layer.output());
      steps.set(
          branch.last(),
          new Step(last.name(), last.stage(), new Finished(onPart, before.finish())));
    }
  }

  private Step renamed(int at, int branches, Operation operation) {
    Step first = steps.get(at);
    return new Step(first.name() + " and " + (branches - 1) + " more", first.stage(), operation);
  }

  private static Operation dense(List<Operation> layers) {
    if (layers.get(0) instanceof Convolution first) {
      List<Convolution> all = layers.stream().map(Convolution.class::cast).toList();
      Window wide = times(first.window(), layers.size(), first.window().cin());
      return new Convolution(
          false,
          first.x(),
          sideBySide(all.stream().map(Convolution::weights).toList(), first.window().cout()),
          sideBySide(all.stream().map(Convolution::bias).toList(), first.window().cout()),
          null,
          0,
          wide,
          floats(wide));
    }
    Int8Convolution first = (Int8Convolution) layers.get(0);
    List<Int8Convolution> all = layers.stream().map(Int8Convolution.class::cast).toList();
    List<Int8Convolution.Potentials> sums =
        all.stream().map(layer -> (Int8Convolution.Potentials) layer.result()).toList();
    int cout = first.window().cout();
    Window wide = times(first.window(), layers.size(), first.window().cin());
    return new Int8Convolution(
        false,
        first.x(),
        sideBySide(all.stream().map(Int8Convolution::weights).toList(), cout),
        new Int8Convolution.Potentials(
            sideBySide(sums.stream().map(Int8Convolution.Potentials::scale).toList(), cout),
            sideBySide(sums.stream().map(Int8Convolution.Potentials::bias).toList(), cout),
            null),
        wide,
        floats(wide));
  }

  private static Padded depthwise(List<Padded> layers, Buffer x) {
    Convolution first = layers.get(0).layer();
    int channels = first.window().cin();
    Window wide = times(first.window(), layers.size(), layers.size() * channels);
    List<Convolution> all = layers.stream().map(Padded::layer).toList();
    Convolution layer =
        new Convolution(
            true,
            x,
            sideBySide(all.stream().map(Convolution::weights).toList(), channels),
            sideBySide(all.stream().map(Convolution::bias).toList(), channels),
            null,
            0,
            wide,
            floats(wide));
    Buffer ring = sideBySide(layers.stream().map(Padded::ring).toList(), channels);
    return new Padded(layer, ring, layers.size());
  }

  private static Window times(Window g, int branches, int cin) {
    return new Window(
        g.n(),
        g.h(),
        g.w(),
        cin,
        branches * g.cout(),
        g.kh(),
        g.kw(),
        g.stride(),
        g.pad(),
        g.oh(),
        g.ow());
  }

  private static Buffer floats(Window window) {
    return Buffer.of(Buffer.Type.FLOATS, window.outPixels() * window.cout());
  }

  /** Constant rows of this width, those of the same number side by side. */
  private static Buffer sideBySide(List<Buffer> constants, int width) {
    int parts = constants.size();
    int length = constants.get(0).length();
    boolean bytes = constants.get(0).type() == Buffer.Type.BYTES;
    Object all = bytes ? new byte[parts * length] : new float[parts * length];
    for (int part = 0; part < parts; part++) {
      for (int row = 0; row < length / width; row++) {
        System.arraycopy(
            constants.get(part).constant(), row * width, all, (row * parts + part) * width, width);
      }
    }
    return bytes ? Buffer.constant((byte[]) all) : Buffer.constant((float[]) all);
  }
}
