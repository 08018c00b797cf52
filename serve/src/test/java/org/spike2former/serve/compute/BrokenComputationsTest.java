package org.spike2former.serve.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.spike2former.snn.firing.SpikeListener;
import org.spike2former.tensor.Backend;

/** Whatever ends a computation, those after it on the same slot are what they would be without. */
class BrokenComputationsTest {
  private static final Path MODELS = Path.of(System.getProperty("s2f.root", ".."), "models");
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int STEP = 23;

  private final BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR);
  private int heard;

  /** The labels' digest, computed on a slot with a listener. */
  private String compute(Turnstile turnstile, ServedModel model, SpikeListener listener)
      throws Exception {
    try (Turnstile.Place place = turnstile.enter()) {
      return place.compute(
          slot -> {
            Engine engine = slot.engine(model, Variant.PLAIN);
            engine.tell(listener);
            try {
              return engine.segmenter().segment(image).labelsDigest();
            } finally {
              engine.tell(null);
            }
          },
          LONG,
          () -> false);
    }
  }

  @Test
  void anyLayerMayFailOrBeInterrupted() throws Exception {
    new Random(1).nextBytes(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
    ServedModel model = ServedModel.load(MODELS.resolve("camvid-small"));
    try (Turnstile turnstile = new Turnstile(1, 2, Backend.AUTO, 2)) {
      String expected = compute(turnstile, model, (_, _, _) -> heard++);
      int layers = heard;
      assertThat(layers).isGreaterThan(50);
      for (int n = 0; n < layers - STEP; n += STEP) {
        int layer = n;
        OutOfMemoryError failure = new OutOfMemoryError("no room");
        assertThatThrownBy(() -> compute(turnstile, model, at(layer, () -> raise(failure))))
            .as("layer %d", n)
            .isInstanceOf(ExecutionException.class)
            .hasCause(failure);
        assertThat(compute(turnstile, model, null)).as("after %d", n).isEqualTo(expected);
        assertThatThrownBy(
                () ->
                    compute(turnstile, model, at(layer, () -> Thread.currentThread().interrupt())))
            .as("layer %d", n)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(CancellationException.class);
        assertThat(compute(turnstile, model, null)).as("after %d", n).isEqualTo(expected);
      }
      assertThat(turnstile.callers()).isZero();
    }
  }

  private static void raise(Error failure) {
    throw failure;
  }

  /** Does something at a layer. */
  private SpikeListener at(int layer, Runnable action) {
    heard = 0;
    return (_, _, _) -> {
      if (heard++ == layer) {
        action.run();
      }
    };
  }
}
