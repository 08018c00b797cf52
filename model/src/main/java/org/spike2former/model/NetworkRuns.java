package org.spike2former.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.model.network.Network;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.Spike2Former.Prediction;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Program;
import org.spike2former.tensor.Tensor;

/** Runs a network for what is wanted of an image: labels, logits, or class scores and masks. */
final class NetworkRuns {
  /**
   * Pixels from which on a kind's first run is preceded by one on a small image, which shows when
   * each tensor is read for the last time: otherwise a first image leaves all tensors to the
   * collector, hundreds of megabytes in place of those that live at the same time.
   */
  private static final int REHEARSED_PIXELS = 1 << 17;

  /** Rows and columns of a rehearsal, of which some are padding where an image has padding. */
  private static final int REHEARSAL_SIDE = 32;

  private final Network network;
  private final Ops ops;
  private final Set<Kind> known = new HashSet<>();
  private Program.Runner runner;

  /** Whether the runner is one that learns from a rehearsal. */
  private boolean rehearsing = true;

  NetworkRuns(Network network, Ops ops) {
    this.network = network;
    this.ops = ops;
    runner = Program.runner(ops);
  }

  /** The operations on the CPU. */
  Ops ops() {
    return ops;
  }

  /** Computes with this runner from now on; the one before is closed. */
  void runWith(Program.Runner other) {
    runner.close();
    runner = other;
    rehearsing = false;
  }

  void close() {
    runner.close();
  }

  private Tensor input(PreparedImage prepared) {
    return ops.precision() == Precision.F32
        ? Tensor.of(prepared.floats(), prepared.shape())
        : Tensor.of(prepared.doubles(), prepared.shape());
  }

  private static int height(Tensor input) {
    return input.dim(-3);
  }

  private static int width(Tensor input) {
    return input.dim(-2);
  }

  /** What a run asks for after the network's operations. */
  private enum Wanted {
    LABELS,
    LOGITS,
    SCORES_AND_MASKS
  }

  /**
   * The operations that a run asks for after the network's.
   *
   * @param wanted labels or logits
   * @param framed whether there is a frame for each time step
   * @param rows whether there is padding below
   * @param columns whether there is padding on the right
   * @param rescaled whether the labels are of another size than the logits
   */
  private record Kind(
      Wanted wanted, boolean framed, boolean rows, boolean columns, boolean rescaled) {
    static Kind of(Wanted wanted, Tensor input, int h, int w, boolean rescaled) {
      return new Kind(wanted, input.rank() == 5, h < height(input), w < width(input), rescaled);
    }

    /** Rows or columns of an image in a frame of this side. */
    int contentOf(int side, boolean padded) {
      return padded ? side - 1 : side;
    }

    /** Whether the labels are those of the network's input, pixel for pixel. */
    boolean isDirect() {
      return wanted == Wanted.LABELS && !rows && !columns && !rescaled;
    }
  }

  /** Labels [1, H, W] at the image's own size; good until the next run. */
  Tensor labels(PreparedImage prepared) {
    int h = prepared.contentHeight();
    int w = prepared.contentWidth();
    int toHeight = prepared.originalHeight();
    int toWidth = prepared.originalWidth();
    return labels(input(prepared), h, w, toHeight, toWidth);
  }

  /**
   * Labels [1, H, W] of a network's input [1, H, W, C] or [T, 1, H, W, C]; good until the next run.
   */
  Tensor labels(Tensor input) {
    int h = height(input);
    int w = width(input);
    return labels(input, h, w, h, w);
  }

  private Tensor labels(Tensor x, int h, int w, int toHeight, int toWidth) {
    boolean rescaled = h != toHeight || w != toWidth;
    Kind kind = Kind.of(Wanted.LABELS, x, h, w, rescaled);
    if (isToRehearse(kind, x)) {
      int rows = kind.contentOf(REHEARSAL_SIDE, kind.rows());
      int columns = kind.contentOf(REHEARSAL_SIDE, kind.columns());
      labels(rehearsal(x), rows, columns, rows + (rescaled ? 1 : 0), columns);
      makeRoom();
    }
    Program program =
        kind.isDirect()
            ? network::labels
            : (o, input) -> o.labels(logits(o, input, h, w), toHeight, toWidth);
    return runner.run(kind, List.of(h, w, toHeight, toWidth), program, x);
  }

  /**
   * Logits [1, H, W, K] of a prediction, without those of the padding.
   *
   * @throws UnsupportedOperationException if the network has no queries
   */
  Tensor logits(Prediction prediction, PreparedImage prepared) {
    Tensor padded =
        withQueries().semanticLogits(ops, prediction, 1, prepared.height(), prepared.width());
    return crop(ops, padded, prepared.contentHeight(), prepared.contentWidth());
  }

  private Tensor logits(Ops o, Tensor input, int contentHeight, int contentWidth) {
    return crop(o, network.logits(o, input), contentHeight, contentWidth);
  }

  /** Logits [1, H, W, K] without those of the padding; good until the next run. */
  Tensor logits(PreparedImage prepared) {
    return logits(input(prepared), prepared.contentHeight(), prepared.contentWidth());
  }

  /**
   * Logits [1, H, W, K] of a network's input [1, H, W, C] or [T, 1, H, W, C]; good until the next
   * run.
   */
  Tensor logits(Tensor input) {
    return logits(input, height(input), width(input));
  }

  private Tensor logits(Tensor input, int h, int w) {
    Kind kind = Kind.of(Wanted.LOGITS, input, h, w, false);
    if (isToRehearse(kind, input)) {
      int rows = kind.contentOf(REHEARSAL_SIDE, kind.rows());
      logits(rehearsal(input), rows, kind.contentOf(REHEARSAL_SIDE, kind.columns()));
      makeRoom();
    }
    return runner.run(kind, List.of(h, w), (o, x) -> logits(o, x, h, w), input);
  }

  /**
   * Class scores [1, Q, K+1] and masks [1, ⌈H/2⌉, ⌈W/2⌉, Q] of the last query state. A run has one
   * result, so both come as one row of numbers.
   *
   * @throws UnsupportedOperationException if the network has no queries
   */
  Prediction scoresAndMasks(PreparedImage prepared) {
    Tensor both = scoresAndMasks(input(prepared));
    int queries = network.config().queries();
    int columns = network.config().head().classes() + 1;
    int h = Math.ceilDiv(prepared.height(), 2);
    int w = Math.ceilDiv(prepared.width(), 2);
    Tensor scores = ops.slice(both, 0, queries * columns);
    Tensor masks = ops.slice(both, queries * columns, both.size());
    return new Prediction(scores.reshape(1, queries, columns), masks.reshape(1, h, w, queries));
  }

  private Tensor scoresAndMasks(Tensor input) {
    Spike2Former queried = withQueries();
    Kind kind = Kind.of(Wanted.SCORES_AND_MASKS, input, height(input), width(input), false);
    if (isToRehearse(kind, input)) {
      scoresAndMasks(rehearsal(input));
      makeRoom();
    }
    return runner.run(
        kind,
        (o, x) -> {
          Prediction prediction = queried.predict(o, x);
          Tensor scores = prediction.classScores();
          Tensor masks = prediction.masks();
          return o.concat(
              List.of(scores.reshape(scores.size(), 1), masks.reshape(masks.size(), 1)));
        },
        input);
  }

  /** Whether this is the first run of a kind, on a large image; such a run is asked for once. */
  private boolean isToRehearse(Kind kind, Tensor input) {
    boolean first = known.add(kind);
    return first && rehearsing && height(input) * (long) width(input) >= REHEARSED_PIXELS;
  }

  /**
   * Layers are packed now, and their weights as they were in the file are garbage. In the command's
   * process little else lives, and nothing would collect it before the heap has grown several times
   * as large; a program that embeds the library knows better when to collect.
   */
  private static void makeRoom() {
    if (Boolean.getBoolean(WarmUp.PROPERTY)) {
      System.gc();
    }
  }

  /** A small network input of the same rank, channels and precision as this one. */
  private static Tensor rehearsal(Tensor input) {
    int[] shape = input.shape().clone();
    shape[shape.length - 3] = REHEARSAL_SIDE;
    shape[shape.length - 2] = REHEARSAL_SIDE;
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return input.dtype() == DType.F32
        ? Tensor.of(new float[size], shape)
        : Tensor.of(new double[size], shape);
  }

  private Spike2Former withQueries() {
    if (network instanceof Spike2Former queried) {
      return queried;
    }
    throw new UnsupportedOperationException("the network has no queries");
  }

  /** A copy: storage of the operations' results is theirs. */
  static LabelMap labelMap(Tensor labels) {
    return new LabelMap(labels.dim(1), labels.dim(2), labels.bytes().clone());
  }

  /**
   * The upper left part of logits [1, H, W, K]: crops rows, then columns as rows of a transpose.
   */
  private static Tensor crop(Ops ops, Tensor logits, int height, int width) {
    int classes = logits.dim(3);
    int paddedWidth = logits.dim(2);
    if (logits.dim(1) == height && paddedWidth == width) {
      return logits;
    }
    Tensor rows = ops.slice(logits.reshape(logits.dim(1), paddedWidth, classes), 0, height);
    Tensor columns = ops.transpose(rows.reshape(1, height, paddedWidth * classes));
    Tensor kept = ops.slice(columns.reshape(paddedWidth * classes, height), 0, width * classes);
    return ops.transpose(kept.reshape(1, width * classes, height))
        .reshape(1, height, width, classes);
  }
}
