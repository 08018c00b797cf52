package org.spike2former.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Four small images of two classes, and a configuration that trains the smallest network on them.
 */
public final class TinyData {
  private static final String CONFIG =
      """
      model:
        backbone: {type: sdtv2, embed_dims: [8, 8, 8, 16], heads: 2, mlp_ratio: 2, time_steps: 1,
          neuron: {max_spikes: 4, norm: 1}}
        pixel_decoder: {feat_channels: 8, layers: 1, groups: 2, dw_kernel: 3, ffn_channels: 8}
        transformer_decoder: {layers: 3, heads: 2, ffn_channels: 8, queries: 4}
        head: {classes: 2, alpha: 4, neuron: {max_spikes: 4, norm: 1}}
      data:
        type: folder
        root: DATA
        classes: [ground, square]
        label_dir: labels/{split}
        train_pipeline:
          - random_flip
          - color_jitter: {brightness: 0.2, contrast: 0.2}
      optimizer: {clip: 1}
      schedule: {warmup: 2}
      train: {iterations: 600, batch: 2, checkpoint_every: 4, eval_every: 50, log_every: 10}
      output: RUN
      """;

  private static final int SIDE = 48;

  private TinyData() {}

  /** Writes {@code data} and {@code tiny.yaml} into a folder; the latter is returned. */
  public static Path write(Path folder) throws IOException {
    return write(folder, folder);
  }

  /** The configuration names the folder so; empty in a process that works there. */
  public static Path write(Path folder, Path named) throws IOException {
    for (String split : List.of("train", "val")) {
      for (int i = 0; i < 4; i++) {
        draw(folder.resolve("data"), split, i);
      }
    }
    String config =
        CONFIG
            .replace("DATA", named.resolve("data").toString())
            .replace("RUN", named.resolve("run").toString());
    return Files.writeString(folder.resolve("tiny.yaml"), config);
  }

  /** Bright noise in a square on dark noise. */
  private static void draw(Path data, String split, int number) throws IOException {
    Random random = new Random(split.hashCode() + number);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
    BufferedImage labels = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    int left = random.nextInt(SIDE / 2);
    int top = random.nextInt(SIDE / 2);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean inside = x >= left && x < left + SIDE / 2 && y >= top && y < top + SIDE / 2;
        image.setRGB(x, y, random.nextInt(1 << 24) & 0x7f7f7f | (inside ? 0x808080 : 0));
        labels.getRaster().setSample(x, y, 0, inside ? 1 : 0);
      }
    }
    write(image, data.resolve("images").resolve(split), number);
    write(labels, data.resolve("labels").resolve(split), number);
  }

  private static void write(BufferedImage image, Path folder, int number) throws IOException {
    Files.createDirectories(folder);
    ImageIO.write(image, "png", folder.resolve(number + ".png").toFile());
  }
}
