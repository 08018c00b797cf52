package org.spike2former.accel;

/**
 * What a device can be asked to do; each follows the order of accumulation that {@link
 * org.spike2former.tensor.Ops} gives, so that its result has the CPU's bits. A step's inputs,
 * output, {@code sizes} and {@code factors} are given as {@code inputs → output; sizes; factors}.
 * Lengths are those of the arrays' used part: an array may be longer.
 */
public enum Operation {
  /**
   * Dense convolution. {@code x BYTES|FLOATS [n,h,w,cin], weights FLOATS [kh·kw][cin][cout], bias
   * FLOATS [cout], (residual FLOATS) → FLOATS [n,oh,ow,cout]}, residual + convolution where there
   * is one; {@code → BYTES}: the integer neuron's spikes of it. {@code sizes
   * n,h,w,cin,cout,kh,kw,stride,pad,oh,ow,maxSpikes}. A linear layer has n = h = kh = kw = 1.
   *
   * <p>Order: from the bias, kernel row, block of {@link #CHANNEL_BLOCK} input channels, kernel
   * column, channel of the block, one fused multiply-add each; taps outside the map are left out.
   */
  DENSE,

  /** Depthwise convolution: as {@link #DENSE} with cin = cout and weights {@code [kh·kw][cout]}. */
  DEPTHWISE,

  /**
   * Dense convolution with 8-bit weights, see {@link org.spike2former.tensor.layer.Int8Layer}.
   * {@code x BYTES [n,h,w,cin], weights BYTES [kh·kw][cin][cout], scale FLOATS [cout], bias FLOATS
   * [cout], (residual FLOATS) → FLOATS [n,oh,ow,cout]}: fma((float) sum, scale, bias), and residual
   * + that. {@code x, weights, thresholds INTS [maxSpikes][cout] → BYTES}: how many of the
   * thresholds the sum reaches. Sizes as {@link #DENSE}; sums are of integers, so their order does
   * not matter.
   */
  INT8_DENSE,

  /** Depthwise convolution with 8-bit weights: as {@link #INT8_DENSE}, weights [kh·kw][cout]. */
  INT8_DEPTHWISE,

  /** The integer neuron. {@code x FLOATS → BYTES; length,maxSpikes}. */
  SPIKES,

  /** The binary neuron. {@code x FLOATS → BYTES; length; threshold}. */
  FIRE,

  /** BatchNorm. {@code x FLOATS, factor [c], shift [c] → FLOATS; rows,c}: fma(x, factor, shift). */
  AFFINE,

  /** {@code a FLOATS, b FLOATS → FLOATS; length}: a + b. */
  ADD,

  /** {@code a FLOATS, b FLOATS → FLOATS; length}: a − b. */
  SUBTRACT,

  /**
   * {@code x FLOATS → FLOATS; length; factor}: x·factor. {@code x BYTES, values FLOATS [128]}: x
   * stands for values[k].
   */
  MULTIPLY,

  /** {@code x FLOATS, table FLOATS [c] → FLOATS; rows,c}: x + table. */
  ADD_TABLE,

  /** {@code x FLOATS, gamma FLOATS [c], y FLOATS → FLOATS; rows,c}: fma(gamma, y, x). */
  ADD_SCALED,

  /**
   * First half of linear attention. {@code k BYTES [n,keys,channels], v BYTES [n,keys,values] →
   * INTS [n,heads,channels/heads,values/heads]; n,keys,channels,values,heads}: kᵀ·v.
   */
  KEY_VALUE,

  /**
   * Second half. {@code q BYTES [n,queries,channels], kᵀv INTS → FLOATS [n,queries,values];
   * n,queries,channels,values,heads; scale}: (float) (q·kᵀv) · scale.
   */
  QUERY_VALUE,

  /**
   * First half of attention by scores. {@code q BYTES [n,queries,channels], k BYTES
   * [n,keys,channels] → INTS [n,heads,queries,keys]; n,queries,keys,channels,heads}: q·kᵀ.
   */
  QUERY_KEY,

  /**
   * Second half. {@code scores INTS, v BYTES [n,keys,values] → FLOATS [n,queries,values];
   * n,queries,keys,values,heads; scale}: (float) (scores·v) · scale.
   */
  SCORE_VALUE,

  /**
   * Deformable sampling. {@code v FLOATS [n,h,w,channels], offset FLOATS [n,h,w,groups·18], mask
   * BYTES [n,h,w,groups·9] → FLOATS [n,h,w,channels]; n,h,w,channels,groups; mask scale}.
   */
  DEFORM_SAMPLE,

  /**
   * Bilinear resize. {@code x FLOATS [n,h,w,c], rowLow INTS [oh], rowHigh INTS, minusRowWeight
   * FLOATS, columnLow INTS [ow], columnHigh INTS, minusColumnWeight FLOATS → FLOATS [n,oh,ow,c];
   * n,h,w,c,oh,ow}. With right = −minusColumnWeight, down = −minusRowWeight: above =
   * (1−right)·x[low] + right·x[high], below alike, (1−down)·above + down·below, every product and
   * sum rounded by itself. Weights come negated because a difference is never fused.
   */
  RESIZE_BILINEAR,

  /** The sigmoid of {@link #RESIZE_BILINEAR}; an eighth input: {@link #SIGMOID}'s powers. */
  RESIZE_SIGMOID,

  /**
   * The class of the greatest {@link #RESIZE_BILINEAR} of logits, the first of equals: → BYTES
   * [n,oh,ow].
   */
  RESIZE_ARGMAX,

  /** {@code x, rows INTS [oh], columns INTS [ow] → of x's type [n,oh,ow,c]; n,h,w,c,oh,ow}. */
  RESIZE_NEAREST,

  /** One pixel of constants around a map. {@code x FLOATS, shift [c] → FLOATS; n,h,w,c}. */
  PAD,

  /** {@code x [n,rows,columns] → of x's type [n,columns,rows]; n,rows,columns}. */
  TRANSPOSE,

  /** {@code x → of x's type; length,from,to}: copies elements from…, to to… of the output. */
  COPY,

  /**
   * {@code x FLOATS [groups,T,block] → FLOATS [groups,block]; groups,T,block}: sum in order, / T.
   */
  MEAN_TIME,

  /**
   * {@code x FLOATS, powers FLOATS → FLOATS; length}: 1/(1 + exp(−x)) as {@link
   * org.spike2former.tensor.cpu.kernels.Exp}; powers[n + 127] = 2^n for n = −127…127 (entry 0 is
   * 0).
   */
  SIGMOID,

  /** {@code x FLOATS [rows,width], powers → FLOATS; rows,width}: as {@code Ops.softmax}. */
  SOFTMAX,

  /**
   * {@code a FLOATS [n,rows,depth], b FLOATS [n,bRows,depth] → FLOATS [n,rows,columns];
   * n,rows,columns,depth,bRows}: sums over depth from 0, one fused multiply-add each, with the
   * first columns rows of b. {@code b BYTES, values FLOATS [128]}: b stands for values[k].
   */
  PRODUCT,

  /** The column of the greatest {@link #PRODUCT} of floats, the first of equals: → BYTES. */
  PRODUCT_ARGMAX,

  /** {@code logits FLOATS → BYTES; pixels,classes}: the greatest, the first of equals. */
  ARGMAX,

  /** Not for a device: the step carries a function for the CPU. */
  HOST;

  /** Input channels of one block of the order of accumulation. */
  public static final int CHANNEL_BLOCK = 32;
}
