package org.spike2former.serve.compute;

import org.spike2former.model.report.TokenGrid;
import org.spike2former.snn.firing.SpikeListener;
import org.spike2former.tensor.Tensor;

/**
 * The spikes of one neuron layer as frames, one for each of its T·D virtual steps: a neuron with
 * spike k fires in the first k of the D steps of its time step.
 */
public final class SpikeFilm implements SpikeListener {
  /** All channels together. */
  public static final int ALL = -1;

  /** Longest side of a frame; larger grids are averaged. */
  private static final int LONGEST = 400;

  private static final int FULL = 255;

  private final String neuron;
  private final int channel;
  private int maxSpikes;
  private int[] shape;
  private byte[] spikes;

  /**
   * Listens to a layer.
   *
   * @param channel the one of interest, or {@link #ALL}
   */
  public SpikeFilm(String neuron, int channel) {
    this.neuron = neuron;
    this.channel = channel;
  }

  @Override
  public void fired(String name, int most, Tensor fired) {
    if (name.equals(neuron)) {
      maxSpikes = most;
      shape = fired.shape();
      spikes = fired.bytes().clone();
    }
  }

  /** Whether the layer has fired, which it has unless there is none of that name. */
  public boolean isThere() {
    return spikes != null;
  }

  /** Number of channels C. */
  public int channels() {
    return shape[shape.length - 1];
  }

  /**
   * Frames.
   *
   * @param places whether rows and columns are places of the photo; otherwise rows are queries and
   *     columns channels
   * @param timeSteps T
   * @param maxSpikes D
   * @param pixels [T·D, height, width], the share of what lies there that fires, 0 to 255
   */
  public record Frames(
      boolean places, int timeSteps, int maxSpikes, int height, int width, byte[] pixels) {
    private Frames(boolean places, int timeSteps, int maxSpikes, int height, int width) {
      this(
          places,
          timeSteps,
          maxSpikes,
          height,
          width,
          new byte[timeSteps * maxSpikes * height * width]);
    }
  }

  /**
   * Draws them.
   *
   * @param queries how many the network has
   * @param height of the network's input
   * @param width of the network's input
   */
  public Frames frames(int queries, int height, int width) {
    int positions = spikes.length / shape[0] / channels();
    TokenGrid grid =
        shape.length == 4
            ? new TokenGrid(shape[1], shape[2])
            : TokenGrid.of(positions, queries, height, width).orElse(null);
    return grid == null ? ofQueries(positions) : ofPlaces(grid);
  }

  private Frames ofQueries(int queries) {
    int neurons = queries * channels();
    Frames frames = new Frames(false, shape[0], maxSpikes, queries, channels());
    for (int frame = 0, at = 0; frame < shape[0] * maxSpikes; frame++) {
      int from = frame / maxSpikes * neurons;
      for (int i = 0; i < neurons; i++, at++) {
        frames.pixels[at] = (byte) (spikes[from + i] > frame % maxSpikes ? FULL : 0);
      }
    }
    return frames;
  }

  private Frames ofPlaces(TokenGrid grid) {
    int factor = Math.ceilDiv(Math.max(grid.height(), grid.width()), LONGEST);
    Frames frames =
        new Frames(
            true,
            shape[0],
            maxSpikes,
            Math.ceilDiv(grid.height(), factor),
            Math.ceilDiv(grid.width(), factor));
    for (int t = 0; t < shape[0]; t++) {
      for (int d = 0; d < maxSpikes; d++) {
        draw(frames, grid, factor, t, d);
      }
    }
    return frames;
  }

  private void draw(Frames frames, TokenGrid grid, int factor, int t, int d) {
    int channels = channels();
    int from = Math.max(channel, 0);
    int to = channel < 0 ? channels : channel + 1;
    int frame = (t * maxSpikes + d) * frames.height * frames.width;
    for (int y = 0; y < frames.height; y++) {
      for (int x = 0; x < frames.width; x++) {
        int fired = 0;
        int all = 0;
        for (int gy = y * factor; gy < Math.min((y + 1) * factor, grid.height()); gy++) {
          for (int gx = x * factor; gx < Math.min((x + 1) * factor, grid.width()); gx++) {
            int row = ((t * grid.height() + gy) * grid.width() + gx) * channels;
            for (int c = from; c < to; c++) {
              fired += spikes[row + c] > d ? 1 : 0;
            }
            all += to - from;
          }
        }
        frames.pixels[frame + y * frames.width + x] =
            (byte) Math.round((double) FULL * fired / all);
      }
    }
  }
}
