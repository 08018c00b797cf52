package org.spike2former.verify.folder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;

/**
 * Maps every observed tensor between the network's layout (first axis folded, channels last) and
 * the layout in which PyTorch records it. The name alone decides; shapes are checked, never guessed
 * from.
 *
 * <p>T time steps, B images, S = L+1 query states; C channels, N = h·w tokens, Q queries. "Same"
 * order keeps the axes after the first, "channels first" moves the last one to the front of them.
 *
 * <pre>
 *   name                                                         recorded                order
 *   input, input_u8, seg_logits                                  [B, C, h, w]            channels first
 *   head.cls_scores                                              [S, B, Q, K+1]          same
 *   head.mask_preds                                              [S, B, Q, h, w]         channels first
 *   transformer_decoder.query.J                                  [T, B, Q, C]            same
 *   pixel_decoder.{mask_feature, memory, multi_scale.I}          [T, B, C, h, w]         channels first
 *   head.logits                                                  [B, K, h, w]            channels first
 *   neck.…, decode_head.{scale_heads.…, conv_seg, out_spike}     [T·B, C, h, w]          channels first
 *   backbone.….{q,k,v,proj}_conv.0 (RepConv)                     [T·B, C, h, w]          channels first
 *   backbone.…                                                   [T, B, C, h, w] or N    channels first
 *   decode_head.pixel_decoder.encoder.layers.I and its blocks    [T, B, h, w, C]         same
 *   decode_head.pixel_decoder.….dcn.mask_spike                   [T, B, h, w, C]         same
 *   decode_head.pixel_decoder.…                                  [T, B, C, h, w] or N    channels first
 *   decode_head.transformer_decoder.….ffn.fc2_spike              [T, B, C, Q]            channels first
 *   decode_head.transformer_decoder.…                            [T, B, Q or N, C]       same
 *   decode_head.shortcut_conv                                    [S·T·B, Q, C]           same
 *   decode_head.{mask_embed, … and the head's neurons}           [S, T, B, Q, C]         same
 * </pre>
 *
 * @param timeSteps T
 * @param batch B
 */
public record Layouts(int timeSteps, int batch) {
  /** What the recorded tensor's leading axes are, which the network folds into one. */
  private enum Lead {
    FOLDED,
    BATCH,
    TIME_BATCH,
    STATE_BATCH,
    STATE_TIME_BATCH
  }

  private record Rule(Pattern name, Lead lead, boolean channelsFirst) {}

  private static final List<Rule> RULES =
      List.of(
          channelsFirst("input|input_u8|seg_logits|head\\.logits", Lead.BATCH),
          channelsFirst("neck\\..+", Lead.FOLDED),
          channelsFirst("decode_head\\.(scale_heads\\..+|conv_seg|out_spike)", Lead.FOLDED),
          same("head\\.cls_scores", Lead.STATE_BATCH),
          channelsFirst("head\\.mask_preds", Lead.STATE_BATCH),
          same("transformer_decoder\\.query\\.\\d+", Lead.TIME_BATCH),
          channelsFirst(
              "pixel_decoder\\.(mask_feature|memory|multi_scale\\.\\d+)", Lead.TIME_BATCH),
          channelsFirst("backbone\\..+\\.(q|k|v|proj)_conv\\.0", Lead.FOLDED),
          channelsFirst("backbone\\..+", Lead.TIME_BATCH),
          same(
              "decode_head\\.pixel_decoder\\.encoder\\.layers\\.\\d+"
                  + "(\\.Conv|\\.dcn|\\.dcn\\.input_proj|\\.dcn\\.output_proj|\\.ffn)?",
              Lead.TIME_BATCH),
          same("decode_head\\.pixel_decoder\\..+\\.dcn\\.mask_spike", Lead.TIME_BATCH),
          channelsFirst("decode_head\\.pixel_decoder\\..+", Lead.TIME_BATCH),
          channelsFirst(
              "decode_head\\.transformer_decoder\\..+\\.ffn\\.fc2_spike", Lead.TIME_BATCH),
          same("decode_head\\.transformer_decoder\\..+", Lead.TIME_BATCH),
          same("decode_head\\.shortcut_conv", Lead.FOLDED),
          same(
              "decode_head\\.(decoder_out_spike|shortcut_conv_spike|mask_embed_spike"
                  + "|mask_embed|mask_embed\\.spike\\d)",
              Lead.STATE_TIME_BATCH));

  private static Rule same(String name, Lead lead) {
    return new Rule(Pattern.compile(name), lead, false);
  }

  private static Rule channelsFirst(String name, Lead lead) {
    return new Rule(Pattern.compile(name), lead, true);
  }

  private static Rule rule(String name) {
    return RULES.stream()
        .filter(rule -> rule.name().matcher(name).matches())
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no layout is known for a tensor named " + name));
  }

  /**
   * The shape in which a tensor is recorded.
   *
   * @param model its shape in the network
   * @throws ShapeException if it does not divide into T, B or states
   */
  int[] recordedShape(String name, int... model) {
    Rule rule = rule(name);
    if (model.length < 2) {
      throw new ShapeException(name + ": expected two axes or more, found " + text(model));
    }
    int[] lead = leadAxes(name, rule.lead(), model);
    int[] rest = Arrays.copyOfRange(model, 1, model.length);
    if (rule.channelsFirst()) {
      int channels = rest[rest.length - 1];
      System.arraycopy(rest, 0, rest, 1, rest.length - 1);
      rest[0] = channels;
    }
    return concat(lead, rest);
  }

  private int[] leadAxes(String name, Lead lead, int... model) {
    int rows = model[0];
    int unit =
        switch (lead) {
          case FOLDED -> 1;
          case BATCH, STATE_BATCH -> batch;
          case TIME_BATCH, STATE_TIME_BATCH -> timeSteps * batch;
        };
    boolean states = lead == Lead.STATE_BATCH || lead == Lead.STATE_TIME_BATCH;
    boolean fits = states || lead == Lead.FOLDED ? rows % unit == 0 : rows == unit;
    if (!fits) {
      throw new ShapeException(
          String.format(
              Locale.ROOT,
              "%s: expected %s%d rows for T = %d, B = %d, found shape %s",
              name,
              states ? "a multiple of " : "",
              unit,
              timeSteps,
              batch,
              text(model)));
    }
    return switch (lead) {
      case FOLDED, BATCH -> new int[] {rows};
      case TIME_BATCH -> new int[] {timeSteps, batch};
      case STATE_BATCH -> new int[] {rows / unit, batch};
      case STATE_TIME_BATCH -> new int[] {rows / unit, timeSteps, batch};
    };
  }

  /**
   * The shape that a recorded tensor has in the network.
   *
   * @throws ShapeException if its leading axes are not those of T and B
   */
  int[] modelShape(String name, int... recorded) {
    Rule rule = rule(name);
    int leading = leading(rule.lead());
    if (recorded.length <= leading) {
      throw new ShapeException(
          name + ": expected more than " + leading + " axes, found shape " + text(recorded));
    }
    int[] rest = Arrays.copyOfRange(recorded, leading, recorded.length);
    if (rule.channelsFirst()) {
      int channels = rest[0];
      System.arraycopy(rest, 1, rest, 0, rest.length - 1);
      rest[rest.length - 1] = channels;
    }
    int rows = Shape.size(Arrays.copyOf(recorded, leading));
    int[] model = concat(new int[] {rows}, rest);
    Shape.require(name, recordedShape(name, model), recorded);
    return model;
  }

  private static int leading(Lead lead) {
    return switch (lead) {
      case FOLDED, BATCH -> 1;
      case TIME_BATCH, STATE_BATCH -> 2;
      case STATE_TIME_BATCH -> 3;
    };
  }

  /**
   * A tensor of the network as PyTorch would record it.
   *
   * @throws ShapeException if it does not divide into T, B or states
   */
  public Tensor toRecorded(String name, Tensor x) {
    int[] shape = recordedShape(name, x.shape());
    if (!rule(name).channelsFirst()) {
      return x.reshape(shape);
    }
    int channels = x.dim(-1);
    return swap(x, x.size() / Math.max(1, x.dim(0) * channels), channels, shape);
  }

  /**
   * A recorded tensor as the network has it.
   *
   * @throws ShapeException if its leading axes are not those of T and B
   */
  public Tensor toModel(String name, Tensor recorded) {
    int[] shape = modelShape(name, recorded.shape());
    if (!rule(name).channelsFirst()) {
      return recorded.reshape(shape);
    }
    int channels = shape[shape.length - 1];
    return swap(recorded, channels, recorded.size() / Math.max(1, shape[0] * channels), shape);
  }

  /** Reads x as [n, rows, columns] and swaps the last two axes. */
  private static Tensor swap(Tensor x, int rows, int columns, int... shape) {
    int size = x.size();
    int block = rows * columns;
    switch (x.dtype()) {
      case F32 -> {
        float[] in = x.floats();
        float[] out = new float[size];
        for (int i = 0; i < size; i++) {
          out[i] = in[source(i, block, rows, columns)];
        }
        return Tensor.of(out, shape);
      }
      case F64 -> {
        double[] in = x.doubles();
        double[] out = new double[size];
        for (int i = 0; i < size; i++) {
          out[i] = in[source(i, block, rows, columns)];
        }
        return Tensor.of(out, shape);
      }
      case SPIKES -> {
        byte[] in = x.bytes();
        byte[] out = new byte[size];
        for (int i = 0; i < size; i++) {
          out[i] = in[source(i, block, rows, columns)];
        }
        return Tensor.spikes(out, x.scale(), shape);
      }
      default -> throw new AssertionError(x.dtype());
    }
  }

  /** Where element {@code i} of [n, columns, rows] is in [n, rows, columns]. */
  private static int source(int i, int block, int rows, int columns) {
    int inBlock = i % block;
    return i - inBlock + inBlock % rows * columns + inBlock / rows;
  }

  private static int[] concat(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static String text(int... shape) {
    return Shape.toString(shape);
  }
}
