package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.data.pixel.FrameFile;
import org.spike2former.data.pixel.Frames;
import org.spike2former.model.network.Initialiser;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.tensor.io.Safetensors;

/** From an event camera's list to what a network finds, with the commands alone. */
class EventFramesTest {
  private static final int HEIGHT = 32;
  private static final int WIDTH = 48;
  private static final String NETWORK =
      """
      {"backbone": {"type": "sdtv2", "embed_dims": [8, 8, 8, 16], "heads": 2, "mlp_ratio": 2,
        "time_steps": 2, "in_channels": 2, "neuron": {"max_spikes": 4, "norm": 4, "decay": 0.5}},
       "pixel_decoder": {"feat_channels": 8, "layers": 1, "groups": 2, "dw_kernel": 3,
        "ffn_channels": 8},
       "transformer_decoder": {"layers": 3, "heads": 2, "ffn_channels": 8, "queries": 4},
       "head": {"classes": 2, "alpha": 4, "neuron": {"max_spikes": 4, "norm": 4, "decay": 0.5}}}
      """;

  @TempDir private Path folder;
  private Path list;

  @BeforeEach
  void writeList() throws IOException {
    Random random = new Random(8);
    List<String> lines = new ArrayList<>(List.of("# a made list"));
    for (int i = 0; i < 1000; i++) {
      lines.add(random.nextInt(WIDTH) + " " + random.nextInt(HEIGHT) + " " + 10 * i + " " + i % 2);
    }
    list = Files.write(folder.resolve("drive.txt"), lines);
  }

  private Run events(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("data", "events", list, "--height", HEIGHT, "--width", WIDTH, "--time-unit"));
    words.addAll(List.of("us", "--polarity", "01"));
    words.addAll(List.of(more));
    return InProcess.run(words.toArray());
  }

  private static void assertBad(Run run, String message) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  private Path data() throws IOException {
    Path images = folder.resolve("data/images/val");
    Files.createDirectories(images.getParent());
    Run run = events("--window", "2ms", "--frames", 2, "-o", images);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo(
            list
                + ": 1,000 events, 200 of them left over → 2 × [2, 32, 48, 2] in "
                + images
                + "\n");
    Path labels = Files.createDirectories(folder.resolve("data/labels/val"));
    for (int i = 0; i < 2; i++) {
      ImageIO.write(
          new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          labels.resolve("drive-00000" + i + ".png").toFile());
    }
    return Files.writeString(
        folder.resolve("data.yaml"),
        """
        type: folder
        root: ROOT
        image_suffix: .npy
        channels: 2
        frames: 2
        label_dir: labels/{split}
        splits: {train: val, val: val, test: val}
        classes: [ground, thing]
        normalise: {mean: [0.1, 0.1], std: [0.4, 0.4]}
        """
            .replace("ROOT", folder.resolve("data").toString()));
  }

  private Path model(Path data) throws IOException {
    Path network = Files.writeString(folder.resolve("network.json"), NETWORK);
    Spike2Former random = new Spike2Former(ModelConfig.read(network));
    Initialiser.fill(random.parameters(), 1);
    Path weights = folder.resolve("weights.safetensors");
    Safetensors.write(weights, random.parameters().values(), Map.of());
    Path model = folder.resolve("model");
    Run made =
        InProcess.run(
            "model", "new", model, "--network", network, "--classes", data, "--weights", weights);
    assertThat(made.code()).as(made.err()).isZero();
    assertBad(
        InProcess.run(
            "model",
            "new",
            folder.resolve("photos"),
            "--network",
            network,
            "--classes",
            "camvid",
            "--weights",
            weights),
        "images have 3 channels, but the network takes 2 (backbone.in_channels)");
    return model;
  }

  @Test
  void aModelTakesWhatTheCameraSaw() throws IOException {
    Path data = data();
    Path model = model(data);
    Path out = folder.resolve("out");
    Path frames = folder.resolve("data/images/val");
    Run segment = InProcess.run("segment", frames, "-m", model, "-o", out, "--digest");
    assertThat(segment.code()).as(segment.err()).isZero();
    assertThat(segment.out()).contains("drive-000000.npy  48×32", "drive-000001.npy  48×32");
    BufferedImage overlay = ImageIO.read(out.resolve("drive-000000-overlay.png").toFile());
    assertThat(overlay.getWidth()).isGreaterThanOrEqualTo(WIDTH);
    for (String extra : List.of("--slide", "--tta")) {
      Run other = InProcess.run("segment", frames, "-m", model, "-o", out, extra);
      assertThat(other.code()).as(extra + " " + other.err()).isZero();
    }
    Run eval = InProcess.run("eval", model, "--data", data);
    assertThat(eval.code()).as(eval.err()).isZero();
    assertThat(eval.out()).contains("mDice", "folder test: 2 images");
    Run firing = InProcess.run("firing", model, "--data", data, "-o", folder.resolve("firing"));
    assertThat(firing.code()).as(firing.err()).isZero();
    Run cost = InProcess.run("cost", model, "--size", "32x48");
    assertThat(cost.code()).as(cost.err()).isZero();
    Path photo = InProcess.ROOT.resolve("samples/street.jpg");
    assertBad(
        InProcess.run("segment", photo, "-m", model, "-o", out),
        photo + ": an image in colours, where the model takes event frames (.npy) of 2 channels");
    assertBad(
        InProcess.run("segment", frames.resolve("drive-000000.npy"), "-o", out),
        "event frames of 2 channels, where the model takes images in colours");
  }

  @Test
  void listsBecomeCountsOrVoxelGrids() throws IOException {
    Path out = folder.resolve("counts");
    assertThat(events("--events", 300, "-o", out).out()).contains("3 × [32, 48, 2]");
    Frames counts = FrameFile.read(out.resolve("drive-000002.npy"));
    double sum = 0;
    for (float value : counts.values()) {
      sum += value;
    }
    assertThat(sum).isEqualTo(300);
    Path grids = folder.resolve("grids");
    Run run = events("--events", 250, "--voxel", 5, "--frames", 2, "-o", grids);
    assertThat(run.out()).contains("0 of them left over → 2 × [2, 32, 48, 5]");
    assertThat(FrameFile.read(grids.resolve("drive-000001.npy")).channels()).isEqualTo(5);
    assertBad(events("--events", 250, "-o", grids), grids + ": is there already");
  }

  @Test
  void whatIsNotStatedIsAsked() throws IOException {
    Path out = folder.resolve("out");
    assertBad(events("-o", out), "expected one of --window and --events");
    assertBad(events("--window", "1ms", "--events", 2, "-o", out), "expected one of --window");
    assertBad(events("--window", "1", "-o", out), "--window: expected a whole number above 0");
    assertBad(events("--events", 0, "-o", out), "--events: expected 1 or more, found 0");
    assertBad(events("--events", 9, "--voxel", 0, "-o", out), "--voxel: expected 1 to 1024 bins");
    assertBad(events("--events", 9, "--frames", 600, "-o", out), "--frames: expected at least 1");
    assertBad(events("--events", 9, "--columns", "xyt", "-o", out), "expected the letters x, y");
    assertBad(events("--events", 5000, "-o", out), "its 1000 events do not fill the windows");
    assertBad(
        InProcess.run("data", "events", list, "--height", 9, "--width", 9, "-o", out),
        "Missing required options");
    Files.writeString(list, Files.readString(list) + "1 2 3 0\n");
    assertBad(events("--events", 9, "-o", out), list + ": line 1002: its time is before that");
    assertThat(out).doesNotExist();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(list);
    }
  }
}
