package org.spike2former.accel.operation;

import java.util.List;

/**
 * What a device can be asked to do, or the host in its place; each follows the order of
 * accumulation that {@link org.spike2former.tensor.Ops} gives, so that its result has the CPU's
 * bits. Maps are channels-last. Lengths are those of the arrays' used part: an array may be longer.
 */
public sealed interface Operation
    permits Convolution,
        Int8Convolution,
        Padded,
        Finished,
        Neuron,
        Elementwise,
        Attention,
        DeformSample,
        Resize,
        Move,
        Prediction,
        HostCall {
  /** The operations' names in reports, and in the list of what the CPU shall do. */
  enum Kind {
    /** {@link Convolution} over all channels. */
    DENSE,
    /** {@link Convolution} of each channel by itself. */
    DEPTHWISE,
    /** {@link Int8Convolution} over all channels. */
    INT8_DENSE,
    /** {@link Int8Convolution} of each channel by itself. */
    INT8_DEPTHWISE,
    /** {@link Neuron.Spikes}. */
    SPIKES,
    /** {@link Neuron.Fire}. */
    FIRE,
    /** {@link Elementwise.Affine}. */
    AFFINE,
    /** {@link Elementwise.Sum}. */
    ADD,
    /** {@link Elementwise.Sum} with b negated. */
    SUBTRACT,
    /** {@link Elementwise.Multiply}. */
    MULTIPLY,
    /** {@link Elementwise.AddTable}. */
    ADD_TABLE,
    /** {@link Elementwise.AddScaled}. */
    ADD_SCALED,
    /** {@link Elementwise.Chain}. */
    CHAIN,
    /** {@link Attention.KeyValue}. */
    KEY_VALUE,
    /** {@link Attention.QueryValue}. */
    QUERY_VALUE,
    /** {@link Attention.QueryKey}. */
    QUERY_KEY,
    /** {@link Attention.ScoreValue}. */
    SCORE_VALUE,
    /** {@link DeformSample}. */
    DEFORM_SAMPLE,
    /** {@link Resize} alone. */
    RESIZE_BILINEAR,
    /** {@link Resize}, then the sigmoid. */
    RESIZE_SIGMOID,
    /** {@link Resize}, then the label. */
    RESIZE_ARGMAX,
    /** {@link Move.Pad}. */
    PAD,
    /** {@link Move.Transpose}. */
    TRANSPOSE,
    /** {@link Move.Copy}. */
    COPY,
    /** {@link Elementwise.MeanTime}. */
    MEAN_TIME,
    /** {@link Elementwise.Sigmoid}. */
    SIGMOID,
    /** {@link Elementwise.Softmax}. */
    SOFTMAX,
    /** {@link Prediction.Product} alone. */
    PRODUCT,
    /** {@link Prediction.Product}, then the label. */
    PRODUCT_ARGMAX,
    /** {@link Prediction.Argmax}. */
    ARGMAX,
    /** {@link HostCall}: not for a device. */
    HOST
  }

  /** Which one it is. */
  Kind kind();

  /** What it reads, in the order of its parts. */
  List<Buffer> inputs();

  /** What it writes, possibly only a part of it. */
  Buffer output();

  /** All that it writes, the {@linkplain #output() output} first. */
  default List<Buffer> outputs() {
    return List.of(output());
  }
}
