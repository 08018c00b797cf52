package org.spike2former.data.event;

/**
 * Adds up the events of a window in a frame, [height, width, C]. The window must be known first, as
 * what an event adds depends on when in it the event is.
 */
public interface FrameMaker {
  /** C. */
  int channels();

  /**
   * Adds an event.
   *
   * @param frame that it is added to, from {@code offset} on
   * @param pixel its place, y·width + x
   * @param phase when in the window it is: 0 at its begin, 1 at its end
   */
  void add(float[] frame, int offset, int pixel, double phase, boolean positive);

  /** How many there were, the negative ones in channel 0 and the positive ones in channel 1. */
  FrameMaker COUNTS =
      new FrameMaker() {
        @Override
        public int channels() {
          return 2;
        }

        @Override
        public void add(float[] frame, int offset, int pixel, double phase, boolean positive) {
          frame[offset + 2 * pixel + (positive ? 1 : 0)]++;
        }
      };

  /**
   * A voxel grid: each event adds its polarity, 1 or −1, to the two bins next to it in time, t* =
   * (B − 1)·phase, bilinearly: 1 − |t* − b| to bin b.
   *
   * @param bins B, the channels
   * @see <a href="https://arxiv.org/abs/1812.08156">Zhu et al., Unsupervised Event-based Learning
   *     of Optical Flow, Depth, and Egomotion, CVPR 2019, equations 1 and 2</a>
   */
  record VoxelGrid(int bins) implements FrameMaker {
    @Override
    public int channels() {
      return bins;
    }

    @Override
    public void add(float[] frame, int offset, int pixel, double phase, boolean positive) {
      double time = (bins - 1) * phase;
      int before = (int) time;
      double late = time - before;
      int at = offset + pixel * bins + before;
      frame[at] += (float) (positive ? 1 - late : late - 1);
      if (late > 0) {
        frame[at + 1] += (float) (positive ? late : -late);
      }
    }
  }
}
