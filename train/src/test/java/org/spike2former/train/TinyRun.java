package org.spike2former.train;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.spike2former.train.config.TrainConfig;

/** A run small enough for a test: squares on a ground, and the smallest network. */
public final class TinyRun {
  public static final int IMAGES = 5;
  private static final int HEIGHT = 56;
  private static final int WIDTH = 64;
  private static final String CONFIG =
      """
      model:
        backbone: {type: sdtv2, embed_dims: [8, 8, 8, 16], heads: 2, mlp_ratio: 2, time_steps: 1,
          neuron: {max_spikes: 4, norm: 1}}
        pixel_decoder: {feat_channels: 8, layers: 1, groups: 2, dw_kernel: 3, ffn_channels: 8}
        transformer_decoder: {layers: 3, heads: 2, ffn_channels: 8, queries: 4}
        head: {classes: 3, alpha: 4, neuron: {max_spikes: 4, norm: 1}}
      init: {seed: 1, layer_scale: 0.1}
      data:
        type: folder
        root: ROOT/data
        classes: [ground, dark, light]
        label_dir: labels/{split}
        train_pipeline:
          - random_crop: {size: [48, 48]}
          - random_flip
          - color_jitter: {brightness: 0.2, contrast: 0.2}
      optimizer: {lr: 0.002, weight_decay: 0.01, decay_matrices_only: true, clip: 1}
      schedule: {warmup: 2, power: 0.9}
      loss: {average_states: true, scale: 2}
      train: {iterations: 8, batch: 2, accumulate: 2, seed: 3, ema: 0.9, threads: 1,
        checkpoint_every: 3, eval_every: 4, log_every: 2}
      output: ROOT/run
      """;

  private TinyRun() {}

  /** Writes images, labels and a configuration. */
  public static Path prepare(Path folder) throws IOException {
    for (String split : List.of("train", "val")) {
      for (int i = 0; i < IMAGES; i++) {
        image(folder.resolve("data"), split, i);
      }
    }
    Path config = folder.resolve("tiny.yaml");
    Files.writeString(config, CONFIG.replace("ROOT", folder.toString()));
    return config;
  }

  private static void image(Path data, String split, int number) throws IOException {
    Random random = new Random(split.hashCode() + number);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    BufferedImage labels = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    for (int label = 1; label <= 2; label++) {
      int left = random.nextInt(WIDTH - 26);
      int top = random.nextInt(HEIGHT - 26);
      for (int y = top; y < top + 24; y++) {
        for (int x = left; x < left + 24; x++) {
          image.setRGB(x, y, random.nextInt(1 << 24) & 0x3f3f3f | (label == 1 ? 0 : 0xc0c000));
          labels.getRaster().setSample(x, y, 0, label);
        }
      }
    }
    write(image, data.resolve("images").resolve(split), number);
    write(labels, data.resolve("labels").resolve(split), number);
  }

  private static void write(BufferedImage image, Path folder, int number) throws IOException {
    Files.createDirectories(folder);
    ImageIO.write(image, "png", folder.resolve(number + ".png").toFile());
  }

  /** Makes every pixel of every label of a split this value. */
  public static void fill(Path folder, String split, int value) throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      Path file = folder.resolve("data/labels/" + split + "/" + i + ".png");
      BufferedImage labels = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
      int[] values = new int[WIDTH * HEIGHT];
      Arrays.fill(values, value);
      labels.getRaster().setSamples(0, 0, WIDTH, HEIGHT, 0, values);
      ImageIO.write(labels, "png", file.toFile());
    }
  }

  /** Replaces values in a label file by others: {@code to[from]}. */
  public static void relabel(Path file, int... to) throws IOException {
    BufferedImage labels = ImageIO.read(file.toFile());
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        labels.getRaster().setSample(x, y, 0, to[labels.getRaster().getSample(x, y, 0)]);
      }
    }
    ImageIO.write(labels, "png", file.toFile());
  }

  /** The configuration with overrides. */
  public static TrainConfig config(Path file, String... overrides) throws IOException {
    return TrainConfig.read(file, List.of(overrides), file.resolveSibling("configs"));
  }

  /** Hears everything, and can do something at some moments. */
  public static final class Recorder implements TrainListener {
    public final List<String> notices = new ArrayList<>();
    public final List<StepReport> steps = new ArrayList<>();
    public final List<Long> evaluations = new ArrayList<>();
    Runnable afterStep = () -> {};
    Runnable beforeEvaluation = () -> {};
    Runnable afterEvaluation = () -> {};

    @Override
    public void started(long step, long iterations, int imagesPerStep) {}

    @Override
    public void step(StepReport report) {
      steps.add(report);
      afterStep.run();
    }

    @Override
    public void evaluating(long step, int images) {
      beforeEvaluation.run();
    }

    @Override
    public void evaluated(long step, Evaluation result, boolean best) {
      evaluations.add(step);
      afterEvaluation.run();
    }

    @Override
    public void notice(String line) {
      notices.add(line);
    }
  }
}
