package org.spike2former.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.model.network.TinyModel;
import org.spike2former.model.panoptic.WideLabels;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/** More classes than a byte can number. */
class ManyClassesTest {
  private static final int CLASSES = 300;
  private static final BufferedImage IMAGE = TinySegmenter.image(57, 43, 6);

  @TempDir Path folder;

  /** Where both can do it, labels are those of the operation. */
  @ParameterizedTest
  @EnumSource
  void theRuleIsThatOfFewClasses(Precision precision) {
    SplittableRandom random = new SplittableRandom(1);
    Tensor logits = Tensor.zeros(precision.type(), 1, 14, 19, 256);
    for (int i = 0; i < logits.size(); i++) {
      double score = random.nextInt(40) / 8.0;
      if (precision == Precision.F32) {
        logits.floats()[i] = (float) score;
      } else {
        logits.doubles()[i] = score;
      }
    }
    try (Workers workers = new Workers(2)) {
      Ops ops = Backends.create(Backend.AUTO, precision, workers);
      for (int[] size : new int[][] {{14, 19}, {43, 57}, {9, 40}}) {
        LabelMap narrow = NetworkRuns.labelMap(ops.labels(logits, size[0], size[1]));
        LabelMap wide = WideLabels.of(logits, size[0], size[1], workers);
        assertThat(wide.isWide()).isTrue();
        for (int i = 0; i < narrow.pixels(); i++) {
          assertThat(wide.label(i)).isEqualTo(narrow.label(i));
        }
      }
    }
  }

  private static Segmenter segmenter() {
    ModelConfig config = TinyModel.config(CLASSES);
    Spike2Former network = new Spike2Former(config);
    Initialiser.fill(network.parameters(), 3);
    List<String> names = IntStream.range(0, CLASSES).mapToObj(k -> "class " + k).toList();
    double[] mean = {120, 110, 100};
    double[] std = {30, 30, 30};
    return Segmenter.of(
        network,
        new Preprocessing(mean, std, null, 1),
        ClassTable.of(names),
        TinySegmenter.OPTIONS);
  }

  @Test
  void aNetworkOfManyClassesSegments() throws IOException {
    try (Segmenter segmenter = segmenter()) {
      Segmentation found = segmenter.segment(IMAGE, Keep.LOGITS);
      LabelMap labels = found.labels();
      assertThat(labels.labels()).hasSize(2 * 57 * 43);
      float[] confidence = found.confidence().values();
      for (int i = 0; i < labels.pixels(); i++) {
        int label = labels.label(i);
        float[] scores = found.logits().floats();
        for (int k = 0; k < CLASSES; k++) {
          assertThat(scores[i * CLASSES + k]).isLessThanOrEqualTo(scores[i * CLASSES + label]);
        }
        assertThat(confidence[i]).isBetween(1f / CLASSES - 1e-6f, 1f);
      }
      assertThat(segmenter.segment(IMAGE).labelsDigest()).isEqualTo(found.labelsDigest());
      assertThat(IntStream.range(0, CLASSES).mapToDouble(found::share).sum())
          .isBetween(0.999, 1.001);
      assertThat(found.overlay().getWidth()).isGreaterThanOrEqualTo(57);
      assertThatIllegalArgumentException().isThrownBy(() -> labels.toImage(found.classes()));
      assertThatIllegalArgumentException().isThrownBy(labels::narrow);

      Path file = folder.resolve("labels.png");
      found.writeLabels(file);
      BufferedImage read = ImageIO.read(file.toFile());
      assertThat(read.getRaster().getTransferType()).isEqualTo(DataBuffer.TYPE_USHORT);
      for (int y = 0; y < 43; y++) {
        for (int x = 0; x < 57; x++) {
          assertThat(read.getRaster().getSample(x, y, 0)).isEqualTo(labels.label(y, x));
        }
      }
    }
  }

  @Test
  void labelsAboveAByteAreKept() {
    byte[] bytes = {0x2c, 1, (byte) 0xff, (byte) 0xff};
    LabelMap map = new LabelMap(1, 2, bytes);
    assertThat(map.label(0, 0)).isEqualTo(300);
    assertThat(map.label(0, 1)).isEqualTo(65535);
    assertThat(map.share(300)).isEqualTo(0.5);
    assertThat(map.counts()).hasSize(65536);
  }
}
