package org.spike2former.accel.operation;

import java.util.List;

/**
 * Deformable sampling, see {@link org.spike2former.tensor.Ops#deformSample}.
 *
 * @param v FLOATS [n, h, w, channels]
 * @param offset FLOATS [n, h, w, groups·18]
 * @param mask BYTES [n, h, w, groups·9]
 * @param n maps
 * @param h height
 * @param w width
 * @param groups groups of channels that share their points
 * @param maskScale what a spike of the mask stands for
 * @param output FLOATS [n, h, w, channels]
 */
public record DeformSample(
    Buffer v,
    Buffer offset,
    Buffer mask,
    int n,
    int h,
    int w,
    int groups,
    float maskScale,
    Buffer output)
    implements Operation {
  private static final int POINTS = 9;

  /** Refuses buffers that do not fit. */
  public DeformSample {
    long pixels = (long) n * h * w;
    v.require("v", Buffer.Type.FLOATS, v.length() / pixels / groups * groups * pixels);
    offset.require("offset", Buffer.Type.FLOATS, pixels * groups * 2 * POINTS);
    mask.require("mask", Buffer.Type.BYTES, pixels * groups * POINTS);
    output.require("output", Buffer.Type.FLOATS, v.length());
  }

  /** Pixels over all maps. */
  public int pixels() {
    return n * h * w;
  }

  /** Channels of a pixel. */
  public int channels() {
    return v.length() / pixels();
  }

  @Override
  public Kind kind() {
    return Kind.DEFORM_SAMPLE;
  }

  @Override
  public List<Buffer> inputs() {
    return List.of(v, offset, mask);
  }
}
