package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.data.ClassTable;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.Safetensors;

class ModelNewCommandTest {
  private static final Path CAMVID = InProcess.ROOT.resolve("models/camvid");
  private static final Path WEIGHTS = CAMVID.resolve("weights.safetensors");

  @TempDir private Path folder;

  private Run make(String name, Object... options) {
    Object[] start = {"model", "new", folder.resolve(name), "--weights", WEIGHTS};
    return InProcess.run(Stream.concat(Stream.of(start), Stream.of(options)).toArray());
  }

  @Test
  void aCheckpointBecomesAModelFolder() throws IOException {
    Run run = make("inner/new", "--network", "camvid-small", "--classes", "camvid", "--half");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(WEIGHTS + ": 1,286 tensors taken\n", "3,931,349 parameters, 11 classes, 7.7 MiB");
    Path made = folder.resolve("inner/new");
    assertThat(ClassTable.read(made.resolve("classes.json")).names())
        .isEqualTo(ClassTable.read(CAMVID.resolve("classes.json")).names());
    assertThat(Preprocessing.read(made.resolve("preprocess.json")).resize())
        .isEqualTo(Preprocessing.read(CAMVID.resolve("preprocess.json")).resize());
    try (Safetensors before = Safetensors.open(WEIGHTS);
        Safetensors after = Safetensors.open(made.resolve("weights.safetensors"))) {
      String name = "decode_head.query_feat.weight";
      assertThat(after.type(name)).isEqualTo(ElementType.F16);
      for (String each : before.names()) {
        assertThat(after.read(each).bitEquals(before.read(each))).as(each).isTrue();
      }
    }
    assertThat(InProcess.run("info", made).out()).contains("3,931,349");
  }

  @Test
  void classesMayBeAFile() throws IOException {
    Run run = make("new", "--network", "camvid-small", "--classes", CAMVID.resolve("classes.json"));
    assertThat(run.code()).as(run.err()).isZero();
    Path rules = folder.resolve("new/preprocess.json");
    assertThat(Preprocessing.read(rules).resize()).isNull();
    assertThat(Preprocessing.read(rules).mean()).containsExactly(123.675, 116.28, 103.53);
  }

  @Test
  void whatDoesNotFitLeavesNothing() throws IOException {
    refused(
        make("new", "--network", "camvid-small", "--classes", "voc2012"),
        WEIGHTS + ": the checkpoint tells another number of classes apart",
        "decode_head.cls_embed.weight: expected [22, 64], found [12, 64]");
    refused(
        make("new", "--network", "ade20k-sdtv2-15m", "--classes", "ade20k"),
        WEIGHTS + ": the checkpoint is of another model: ",
        "backbone.");
    refused(
        make("new", "--network", "camvid-smal", "--classes", "camvid"),
        "camvid-smal: no such file, nor a name in ",
        "; did you mean camvid-small?");
    assertThat(folder).isEmptyDirectory();
    Files.writeString(folder.resolve("own.txt"), "mine");
    refused(
        make("", "--network", "camvid-small", "--classes", "camvid"),
        folder + ": is not empty",
        "choose a new folder");
  }

  private static void refused(Run run, String start, String... parts) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().startsWith("s2f: " + start);
    assertThat(run.err()).contains(parts);
  }
}
