package org.spike2former.train;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.train.config.TrainConfig;

/**
 * What an event camera sees of a bright bar that moves to the left or to the right: positive events
 * where it comes, negative ones where it goes, and noise, in four frames. The label is where the
 * bar is in the end, of which a single frame shows the edges alone.
 */
public final class MovingBar {
  private static final int SIDE = 48;
  private static final int FRAMES = 4;
  private static final int CHANNELS = 2;
  private static final double NOISE = 0.01;
  private static final String CONFIG =
      """
      model:
        backbone: {type: sdtv2, embed_dims: [8, 16, 24, 32], heads: 2, mlp_ratio: 2, time_steps: 4,
          neuron: {max_spikes: 4, norm: 2, decay: 0.5}}
        pixel_decoder: {feat_channels: 16, layers: 1, groups: 2, dw_kernel: 3, ffn_channels: 32}
        transformer_decoder: {layers: 3, heads: 2, ffn_channels: 32, queries: 4}
        head: {alpha: 4, neuron: {max_spikes: 4, norm: 2, decay: 0.5}}
      init: {seed: 1, layer_scale: 0.1}
      data:
        type: folder
        root: ROOT/data
        image_suffix: .npy
        channels: 2
        frames: 4
        label_dir: labels/{split}
        classes: [ground, bar]
        normalise: {mean: [0.09, 0.09], std: [0.3, 0.3]}
      optimizer: {lr: 0.003, weight_decay: 0.01, decay_matrices_only: true, clip: 1}
      schedule: {warmup: 10, power: 0.9}
      loss: {average_states: true, scale: 2}
      train: {iterations: 300, batch: 4, seed: 3, ema: 0.9, threads: 1, checkpoint_every: 1000,
        eval_every: 100, log_every: 20}
      output: ROOT/run
      """;

  private MovingBar() {}

  /** Writes so many samples to learn from, a third as many to evaluate on, and a configuration. */
  public static Path prepare(Path folder, int samples) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < samples; i++) {
      sample(folder.resolve("data"), "train", i, random);
    }
    for (int i = 0; i < (samples + 2) / 3; i++) {
      sample(folder.resolve("data"), "val", i, random);
    }
    Path config = folder.resolve("bar.yaml");
    return Files.writeString(config, CONFIG.replace("ROOT", folder.toString()));
  }

  /** The configuration with overrides. */
  public static TrainConfig config(Path file, String... overrides) throws IOException {
    return TrainConfig.read(file, List.of(overrides), file.resolveSibling("configs"));
  }

  private static void sample(Path data, String split, int number, Random random)
      throws IOException {
    int width = random.nextInt(8, 13);
    int speed = random.nextInt(3, 6) * (random.nextBoolean() ? 1 : -1);
    int top = random.nextInt(0, SIDE / 3);
    int bottom = top + random.nextInt(SIDE / 2, SIDE - top + 1);
    int way = FRAMES * speed;
    int left = random.nextInt(Math.max(0, -way), SIDE - width - Math.max(0, way) + 1);
    float[] planes = new float[FRAMES * SIDE * SIDE * CHANNELS];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = random.nextDouble() < NOISE ? 1 : 0;
    }
    for (int t = 0; t < FRAMES; t++) {
      for (int y = top; y < bottom; y++) {
        for (int x = 0; x < SIDE; x++) {
          boolean before = x >= left && x < left + width;
          boolean after = x >= left + speed && x < left + speed + width;
          if (before != after) {
            int pixel = (t * SIDE + y) * SIDE + x;
            planes[CHANNELS * pixel + (after ? 1 : 0)] += random.nextInt(1, 3);
          }
        }
      }
      left += speed;
    }
    Path images = Files.createDirectories(data.resolve("images").resolve(split));
    Path labels = Files.createDirectories(data.resolve("labels").resolve(split));
    FrameFile.write(images.resolve(number + ".npy"), FRAMES, SIDE, SIDE, CHANNELS, planes);
    BufferedImage label = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < left + width; x++) {
        label.getRaster().setSample(x, y, 0, 1);
      }
    }
    ImageIO.write(label, "png", labels.resolve(number + ".png").toFile());
  }
}
