package org.spike2former.tests;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Four small images of two classes, and a configuration that trains the smallest network on them.
 */
final class TinyData {
  private static final String CONFIG =
      """
      model:
        backbone: {type: sdtv2, embed_dims: [8, 8, 8, 16], heads: 2, mlp_ratio: 2, time_steps: 1,
          neuron: {max_spikes: 4, norm: 4}}
        pixel_decoder: {feat_channels: 8, layers: 1, groups: 2, dw_kernel: 3, ffn_channels: 8}
        transformer_decoder: {layers: 3, heads: 2, ffn_channels: 8, queries: 4}
        head: {classes: 2, alpha: 4, neuron: {max_spikes: 4, norm: 4}}
      data:
        type: folder
        root: data
        classes: [ground, square]
        label_dir: labels/{split}
        train_pipeline:
          - random_flip
          - color_jitter: {brightness: 0.2, contrast: 0.2}
      optimizer: {clip: 1}
      schedule: {warmup: 2}
      train: {iterations: 300, batch: 2, checkpoint_every: 4, eval_every: 50, log_every: 10}
      output: run
      """;

  private TinyData() {}

  /** Writes {@code data} and {@code tiny.yaml} into a folder. */
  static void write(Path folder) throws IOException {
    for (String split : List.of("train", "val")) {
      for (int i = 0; i < 4; i++) {
        draw(folder.resolve("data/images"), split, i, BufferedImage.TYPE_3BYTE_BGR, 0xc06020);
        draw(folder.resolve("data/labels"), split, i, BufferedImage.TYPE_BYTE_GRAY, 0x010101);
      }
    }
    Files.writeString(folder.resolve("tiny.yaml"), CONFIG);
  }

  private static void draw(Path folder, String split, int i, int type, int rgb) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, type);
    if (type == BufferedImage.TYPE_BYTE_GRAY) {
      for (int y = 0; y < 12; y++) {
        for (int x = 0; x < 12; x++) {
          image.getRaster().setSample(4 + 5 * i + x % 12, 3 + 4 * i + y, 0, 1);
        }
      }
    } else {
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(new Color(rgb));
      graphics.fillRect(4 + 5 * i, 3 + 4 * i, 12, 12);
      graphics.dispose();
    }
    Files.createDirectories(folder.resolve(split));
    ImageIO.write(image, "png", folder.resolve(split).resolve(i + ".png").toFile());
  }
}
