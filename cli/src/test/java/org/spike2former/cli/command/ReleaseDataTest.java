package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.data.pixel.FrameFile;

/** The release's further data sets, in trees as they lie on disks. */
class ReleaseDataTest {
  private static final int SIDE = 32;

  @TempDir private Path folder;

  private static Path picture(Path file, int type, int left, int right) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int level = x < SIDE / 2 ? left : right;
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
          image.getRaster().setSample(x, y, band, level);
        }
      }
    }
    Files.createDirectories(file.getParent());
    String name = file.toString();
    assertThat(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()))
        .isTrue();
    return file;
  }

  private Run check(String config) {
    return InProcess.run("data", "check", config, "--root", folder.resolve("data"));
  }

  private void show(String config) throws IOException {
    Path sheet = folder.resolve("sheet.png");
    Run run =
        InProcess.run(
            "data", "show", config, "--root", folder.resolve("data"), "--count", 3, "-o", sheet);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isGreaterThan(SIDE);
  }

  @Test
  void ddd17() throws IOException {
    for (String split : new String[] {"training", "validation"}) {
      for (int i = 0; i < 3; i++) {
        Path frames = folder.resolve("data/images/" + split + "/rec_" + i + ".npy");
        Files.createDirectories(frames.getParent());
        float[] values = new float[SIDE * SIDE * 3];
        for (int k = 0; k < values.length; k += 3) {
          values[k] = 100 + i;
        }
        FrameFile.write(frames, 1, SIDE, SIDE, 3, values);
        Path labels = folder.resolve("data/annotations/" + split + "/rec_" + i + ".png");
        picture(labels, BufferedImage.TYPE_BYTE_GRAY, 0, 255);
      }
    }
    Run run = check("ddd17");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("ddd17 train: 3 images\n  sizes: 32x32 (3 images)\n")
        .containsPattern("0 +101 +0\\.8165 +100 +102")
        .contains("  normalise: {mean: [101, 0, 0], std: [0.8165, 1, 1]}\n")
        .containsPattern("0 flat +50\\.00 %")
        .contains("ddd17 test: the same as val\n");
    show("ddd17");
    Path other = folder.resolve("data/images/validation/rec_1.npy");
    FrameFile.write(other, 1, SIDE, SIDE, 2, new float[SIDE * SIDE * 2]);
    Run bad = check("ddd17");
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.err())
        .contains(other + ": expected 1 frame of 3 channels, found 1 frame of 2 channels");
  }

  @Test
  void chaseDb1() throws IOException {
    Path raw = folder.resolve("raw");
    for (int i = 0; i < 28; i++) {
      String name = String.format(Locale.ROOT, "Image_%02d%s", i / 2 + 1, i % 2 == 0 ? "L" : "R");
      picture(raw.resolve(name + ".jpg"), BufferedImage.TYPE_3BYTE_BGR, 60, 120);
      picture(raw.resolve(name + "_1stHO.png"), BufferedImage.TYPE_BYTE_BINARY, 0, 1);
      picture(raw.resolve(name + "_2ndHO.png"), BufferedImage.TYPE_BYTE_GRAY, 127, 128);
    }
    Path data = folder.resolve("data");
    Run run = InProcess.run("data", "convert", raw, "--chase-db1", "-o", data);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("20 photos to train on, 8 to evaluate → " + data + "\n");
    assertThat(data.resolve("images/training/Image_10R.png")).exists();
    assertThat(data.resolve("annotations/validation/Image_11L_1stHO.png")).exists();
    assertThat(data.resolve("annotations/validation/Image_11L_2ndHO.png")).exists();
    Run checked = check("chase-db1");
    assertThat(checked.code()).as(checked.err()).isZero();
    assertThat(checked.err()).isEmpty();
    assertThat(checked.out())
        .contains("chase-db1 train: 20 images\n", "chase-db1 val: 8 images\n")
        .containsPattern("1 vessel +50\\.00 % +in 20 images");
    show("chase-db1");
    Files.delete(raw.resolve("Image_01L.jpg"));
    Run refused = InProcess.run("data", "convert", raw, "--chase-db1", "-o", folder.resolve("x"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(raw + ": expected the 28 photos (*.jpg) of CHASE DB1, found 27");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void synapse() throws IOException {
    for (String split : new String[] {"train", "val"}) {
      for (int i = 0; i < 3; i++) {
        String name = split + "/case0005_slice00" + i;
        picture(
            folder.resolve("data/img_dir/" + name + ".jpg"), BufferedImage.TYPE_3BYTE_BGR, 9, 99);
        picture(
            folder.resolve("data/ann_dir/" + name + ".png"), BufferedImage.TYPE_BYTE_GRAY, 0, 8);
      }
    }
    Run run = check("synapse");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("synapse train: 3 images\n", "synapse val: 3 images\n")
        .containsPattern("8 stomach +50\\.00 % +in 3 images");
    show("synapse");
  }
}
