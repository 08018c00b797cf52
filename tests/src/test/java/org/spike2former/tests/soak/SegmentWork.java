package org.spike2former.tests.soak;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.spike2former.cli.InProcess;
import org.spike2former.model.Arithmetic;
import org.spike2former.model.BatchItem;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmenter;
import org.spike2former.model.SegmenterOptions;
import org.spike2former.tensor.layer.WeightType;

/**
 * Images of three sizes through segmenters that stay (float, 8 bits, spikes, things) and through
 * one that is loaded and closed each time.
 */
final class SegmentWork implements Work {
  private static final Path MODELS = InProcess.ROOT.resolve("models");
  private static final Path SAMPLES = InProcess.ROOT.resolve("samples");

  private final List<Path> photos =
      List.of("street.jpg", "shops.jpg", "dusk.jpg").stream().map(SAMPLES::resolve).toList();
  private final List<byte[]> scaled = new ArrayList<>();
  private final Segmenter plain = load("camvid", WeightType.FLOAT, Arithmetic.PLAIN);
  private final Segmenter int8 = load("camvid", WeightType.INT8, Arithmetic.PLAIN);
  private final Segmenter spikes = load("camvid-small", WeightType.FLOAT, Arithmetic.SPIKES);
  private final Segmenter things = load("camvid-panoptic", WeightType.FLOAT, Arithmetic.PLAIN);

  SegmentWork() throws IOException {
    BufferedImage street = ImageIO.read(photos.getFirst().toFile());
    scaled.add(png(street, 97, 131));
    scaled.add(png(street, 360, 270));
  }

  private static Segmenter load(String model, WeightType weights, Arithmetic arithmetic)
      throws IOException {
    SegmenterOptions options =
        SegmenterOptions.builder().threads(2).weights(weights).arithmetic(arithmetic).build();
    return Segmenter.load(MODELS.resolve(model), options);
  }

  private static byte[] png(BufferedImage image, int width, int height) throws IOException {
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D canvas = result.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.drawImage(image, 0, 0, width, height, null);
    canvas.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    assertThat(ImageIO.write(result, "png", file)).isTrue();
    return file.toByteArray();
  }

  @Override
  public String name() {
    return "segment";
  }

  @Override
  public String once() throws IOException {
    List<String> digests = new ArrayList<>();
    for (Segmenter segmenter : List.of(plain, int8, spikes)) {
      for (byte[] file : scaled) {
        digests.add(segmenter.segment(file, Keep.LOGITS).digest());
      }
      digests.add(
          segmenter.segmentAll(photos.stream()).map(SegmentWork::digest).collect(joining(" ")));
    }
    BufferedImage photo = ImageIO.read(photos.getFirst().toFile());
    digests.add(things.panoptic(photo).digest());
    digests.add(things.instances(photo).digest());
    try (Segmenter fresh = load("camvid-small", WeightType.FLOAT, Arithmetic.PLAIN)) {
      digests.add(fresh.segment(photos.getLast()).labelsDigest());
    }
    return String.join(" ", digests);
  }

  private static String digest(BatchItem item) {
    return item.segmentation().labelsDigest();
  }

  @Override
  public void close() {
    List.of(plain, int8, spikes, things).forEach(Segmenter::close);
  }
}
