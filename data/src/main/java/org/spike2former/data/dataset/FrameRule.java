package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.pixel.Frames;

/**
 * Of what shape the event frames of a data set are.
 *
 * @param steps T, frames of a file, one for each time step
 * @param channels C
 */
public record FrameRule(int steps, int channels) {
  /**
   * Reads a file.
   *
   * @throws IOException "FILE: what is wrong"
   */
  Frames read(Path file) throws IOException {
    Frames frames = FrameFile.read(file);
    if (frames.steps() != steps || frames.channels() != channels) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected %s, found %s",
              file,
              describe(steps, channels),
              describe(frames.steps(), frames.channels())));
    }
    return frames;
  }

  private static String describe(int steps, int channels) {
    return String.format(
        Locale.ROOT,
        "%s of %d %s",
        steps == 1 ? "1 frame" : steps + " frames",
        channels,
        channels == 1 ? "channel" : "channels");
  }
}
