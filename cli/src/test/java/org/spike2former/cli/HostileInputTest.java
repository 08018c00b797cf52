package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess.Run;

/** Bad input gets one line that names the file, exit code 2, and leaves no file behind. */
class HostileInputTest {
  private static final Path BUNDLED = InProcess.ROOT.resolve("models/camvid-small");
  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void copyModel() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    for (String name :
        List.of("model.json", "classes.json", "preprocess.json", "weights.safetensors")) {
      Files.copy(BUNDLED.resolve(name), model.resolve(name));
    }
  }

  /** Whatever {@code s2f segment} is given; its results would go to the folder. */
  private void refused(String file, String reason, Object... arguments) throws IOException {
    refusedInto(folder, file, reason, arguments);
  }

  private void refusedInto(Path output, String file, String reason, Object... arguments)
      throws IOException {
    Set<String> before = names();
    Run run = segment(output, arguments);
    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.errorLines()).hasSize(1);
    assertThat(run.errorLines().get(0)).contains(file).containsIgnoringCase(reason);
    assertThat(run.errorLines().get(0)).doesNotContain("Exception");
    assertThat(names()).isEqualTo(before);
  }

  private static Run segment(Path output, Object... arguments) {
    Stream<Object> command = Stream.of("segment", "-o", output);
    return InProcess.run(Stream.concat(command, Stream.of(arguments)).toArray());
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new TreeSet<>(files.map(Path::toString).toList());
    }
  }

  private void refusedModel(String file, String reason) throws IOException {
    refused(file, reason, STREET, "-m", model);
  }

  private Path image(String name, int width, int height) throws IOException {
    Path file = folder.resolve(name);
    ImageIO.write(
        new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    return file;
  }

  @Test
  void imagesThatAreNone() throws IOException {
    refused("nowhere.jpg", "no such file", folder.resolve("nowhere.jpg"));
    refused("model", "", model);
    Path empty = Files.createFile(folder.resolve("empty.png"));
    refused("empty.png", "", empty);
    byte[] street = Files.readAllBytes(STREET);
    Path cut = Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(street, 7000));
    refused("cut.jpg", "", cut);
    refused("dot.png", "1", image("dot.png", 1, 1));
    refused("line.png", "5000", image("line.png", 1, 5000));
  }

  @Test
  void modelFoldersThatAreNone() throws IOException {
    refused("nowhere", "no such", STREET, "-m", folder.resolve("nowhere"));
    Files.delete(model.resolve("preprocess.json"));
    refusedModel("model", "preprocess.json");
  }

  @Test
  void configurationsOutOfRange() throws IOException {
    Path config = model.resolve("model.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"sdtv2\"", "\"resnet\""));
    refusedModel("model.json", "resnet");
    Files.writeString(config, text.replace("\"heads\": 8", "\"heads\": 7"));
    refusedModel("model.json", "heads");
    Files.writeString(config, text.substring(0, 100));
    refusedModel("model.json", "");
  }

  @Test
  void weightsOfAnotherModel() throws IOException {
    Path config = model.resolve("model.json");
    Files.writeString(
        config, Files.readString(config).replace("\"queries\": 20", "\"queries\": 21"));
    refusedModel("weights.safetensors", "7 mis-shaped");
  }

  @Test
  void damagedWeights() throws IOException {
    Path weights = model.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    refusedModel("weights.safetensors", "");

    byte[] nan = bytes.clone();
    int data = 8 + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    for (int i = data + 4_000_000; i < data + 4_000_200; i += 2) {
      nan[i] = 0x01;
      nan[i + 1] = 0x7e;
    }
    Files.write(weights, nan);
    refusedModel("weights.safetensors", "NaN");

    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}";
    ByteBuffer bomb = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    bomb.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    Files.write(weights, bomb.array());
    refusedModel("weights.safetensors", "");
  }

  @Test
  void picklesThatWouldRunCode() throws IOException {
    Files.delete(model.resolve("weights.safetensors"));
    Path marker = folder.resolve("marker");
    String pickle = "cos\nsystem\n(S'touch " + marker + "'\ntR.";
    zip(
        model.resolve("weights.pth"),
        "archive/data.pkl",
        pickle.getBytes(StandardCharsets.UTF_8),
        1);
    refusedModel("weights.pth", "os.system");
    assertThat(marker).doesNotExist();
  }

  @Test
  void zipBombs() throws IOException {
    Files.delete(model.resolve("weights.safetensors"));
    zip(model.resolve("weights.pth"), "archive/data.pkl", new byte[1 << 20], 400);
    refusedModel("weights.pth", "");
  }

  private static void zip(Path file, String entry, byte[] block, int times) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      for (int i = 0; i < times; i++) {
        zip.write(block);
      }
      zip.closeEntry();
    }
  }

  @Test
  void optionsOutOfRange() throws IOException {
    refused("--threads", "0", STREET, "--threads", "0");
    refused("--vector-bits", "100", STREET, "--vector-bits", "100");
    Run run = segment(folder, STREET, "--backend", "abacus");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--backend", "abacus");
  }

  /** As by the glob *.png on a second run. */
  @Test
  void resultsThatWouldReplaceAnInput() throws IOException {
    Path image = image("a.png", 32, 32);
    Path earlier = image("a-labels.png", 32, 32);
    refused("a-labels.png", "would overwrite", earlier, image);
  }

  @Test
  void outputFoldersThatCannotBe() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    refusedInto(file, "file", "", STREET);
  }
}
