package org.spike2former.data.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;

/** Small data sets on disk. */
public final class Trees {
  private Trees() {}

  /** An image of 32x24 pixels of one colour, as the name's ending says. */
  public static void image(Path file, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(32, 24, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < 24; y++) {
      for (int x = 0; x < 32; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    Files.createDirectories(file.getParent());
    String format = file.toString().endsWith(".png") ? "png" : "jpg";
    if (!ImageIO.write(image, format, file.toFile())) {
      throw new IOException("no writer for " + file);
    }
  }

  /** Labels of 32x24 pixels: the left half is the first, the right half the second. */
  public static void labels(Path file, int left, int right) throws IOException {
    byte[] labels = new byte[24 * 32];
    for (int y = 0; y < 24; y++) {
      Arrays.fill(labels, y * 32, y * 32 + 16, (byte) left);
      Arrays.fill(labels, y * 32 + 16, y * 32 + 32, (byte) right);
    }
    ImageFiles.writePng(new LabelMap(24, 32, labels).toImage(), file);
  }

  /** A folder data set of {@code count} images: image i has red level 10·i and label i mod 2. */
  public static Path folder(Path root, String split, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String name = "%03d".formatted(i);
      image(root.resolve("images/" + split + "/" + name + ".png"), (10 * i % 250) << 16);
      labels(root.resolve("annotations/" + split + "/" + name + ".png"), i % 2, 255);
    }
    return root;
  }
}
