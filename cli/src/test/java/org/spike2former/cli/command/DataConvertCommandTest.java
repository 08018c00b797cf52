package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;
import org.spike2former.data.LabelMap;

/** Squares on a ground become things. */
class DataConvertCommandTest {
  @TempDir private Path folder;
  private Path config;
  private Path output;

  @BeforeEach
  void write() throws IOException {
    config = TinyData.write(folder);
    output = folder.resolve("converted");
  }

  private Run convert(Object... more) {
    Object[] all =
        Stream.concat(Stream.of("data", "convert", config, "-o", output), Stream.of(more))
            .toArray();
    return InProcess.run(all);
  }

  @Test
  void whatIsWrittenIsADataSet() throws IOException {
    Run run = convert("--components", "square");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            folder train: 4 images, 4 things, 0 crowds, 4 stuff → DIR/panoptic_train.json
            folder val: 4 images, 4 things, 0 crowds, 4 stuff → DIR/panoptic_val.json
            """
                .replace("DIR", output.resolve("annotations").toString()));
    Path yaml = output.resolve("data.yaml");
    Run check = InProcess.run("data", "check", yaml);
    assertThat(check.code()).as(check.err()).isZero();
    assertThat(check.out())
        .contains(
            "folder-panoptic val: 4 images",
            "0 square       4       4       0       0        576       0",
            "most things in an image: 1; images without things: 0");
    Path sheet = folder.resolve("sheet.png");
    assertThat(InProcess.run("data", "show", yaml, "--count", "2", "-o", sheet).code()).isZero();
    assertThat(sheet).exists();
    // Again from the result.
    Path again = folder.resolve("again");
    Run second = InProcess.run("data", "convert", yaml, "--copy-images", "-o", again);
    assertThat(second.code()).as(second.err()).isZero();
    for (String name : new String[] {"panoptic_val.json", "panoptic_val/0.png"}) {
      assertThat(again.resolve("annotations").resolve(name))
          .hasSameBinaryContentAs(output.resolve("annotations").resolve(name));
    }
    assertThat(again.resolve("images/val/0.png")).exists();
    assertThat(InProcess.run("data", "check", again.resolve("data.yaml")).code()).isZero();
  }

  @Test
  void aBadFileLeavesNothing() throws IOException {
    Path labels = folder.resolve("data/labels/val/3.png");
    Files.writeString(labels, "no image");
    Run run = convert("--components", "square");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().startsWith("s2f: " + labels + ": ");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "tiny.yaml");
    }
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    requireError(config + ": the data set does not tell things apart; --components makes things");
    requireError("folder: the data set has no class circle", "--components", "circle");
    requireError("--min-area and --connectivity need --components", "--min-area", "9");
    requireError(
        "expected an area of at least 1 and a connectivity of 4 or 8, found 40 and 6",
        "--components",
        "square",
        "--connectivity",
        "6");
    Files.createDirectories(output.resolve("old"));
    requireError(output + ": is there already; give a new folder", "--components", "square");
  }

  @Test
  void coloursBecomeLabelFilesUnlessOneIsUnknown() throws IOException {
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    BufferedImage picture = new BufferedImage(4, 1, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, 4, 1, new int[] {0xFF0000, 0x00FF00, 0x00FF01, 0xFF0000}, 0, 4);
    ImageIO.write(picture, "png", pictures.resolve("a.png").toFile());
    Path table = folder.resolve("colors.csv");
    Files.writeString(table, "name,r,g,b\nroad,255,0,0\ntree,0,255,0\n");
    Object[] words = {"data", "convert", pictures, "--colors", table, "-o", output};
    Run refused = InProcess.run(words);
    assertThat(refused.code()).as(refused.err()).isEqualTo(1);
    assertThat(refused.out())
        .contains("1 colours, on 25.000 % of the pixels, are not in " + table + ":\n")
        .containsPattern("0,255,1 +1 +1 +tree \\(0,255,0\\) ")
        .endsWith("1 pictures, 2 classes: nothing is written; see --ignore-unknown\n");
    assertThat(output).doesNotExist();
    Run run =
        InProcess.run(Stream.concat(Stream.of(words), Stream.of("--ignore-unknown")).toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).endsWith("1 label files of 2 classes → " + output + "\n");
    assertThat(LabelMap.read(output.resolve("a.png")).labels()).containsExactly(0, 1, -1, 0);
    requireError(
        "--colors takes a folder: no --split, --components, --min-area or --connectivity",
        "--colors",
        table,
        "--split",
        "val");
    requireError(config + ": expected a folder of label pictures", "--colors", table);
    requireError("--ignore-unknown needs --colors", "--ignore-unknown");
  }

  private void requireError(String message, Object... more) {
    Run run = convert(more);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.errorLines()).containsExactly("s2f: " + message);
  }
}
