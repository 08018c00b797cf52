package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;
import org.spike2former.data.image.ImageFiles;

class RunsCommandTest {
  @TempDir private Path folder;

  @Test
  void aSweepTrainsWithEachValueAndItsRunsAreCompared() throws Exception {
    Path tiny = TinyData.write(folder);
    Run sweep =
        InProcess.run(
            "train", tiny, "--set", "train.iterations=2", "--sweep", "optimizer.lr=1e-3,0.01");
    assertThat(sweep.code()).as(sweep.err()).isZero();
    Path output = folder.resolve("run");
    assertThat(sweep.out())
        .contains(
            "run 1 of 2: " + output + "/optimizer.lr=0.001\n",
            "run 2 of 2: " + output + "/optimizer.lr=0.01\n",
            "parameters, 2 classes\n",
            "to compare them: s2f runs " + output + "\n",
            "schedule.warmup is 2 steps, the run has 2; the warm-up is cut to 1",
            "to use it: s2f segment -m " + output + "/optimizer.lr=0.01/best PHOTO.jpg");
    assertThat(sweep.out().lines())
        .filteredOn(line -> line.startsWith("step "))
        .allMatch(line -> line.length() <= 80);
    assertThat(output.resolve("optimizer.lr=0.01/evaluations/step-00000002.png")).isNotEmptyFile();
    Path chart = folder.resolve("runs.png");
    Path csv = folder.resolve("runs.csv");
    Run runs = InProcess.run("runs", output, "--chart", chart, "--csv", csv);
    assertThat(runs.code()).as(runs.err()).isZero();
    assertThat(runs.out())
        .contains("optimizer.lr steps", "optimizer.lr=0.001", " 2/2 ", "→ " + chart);
    assertThat(Files.readAllLines(csv))
        .hasSize(3)
        .startsWith("run,optimizer.lr,steps,mIoU,at,last,loss,img/s,time");
    assertThat(ImageFiles.read(chart).getWidth()).isEqualTo(1000);
    JsonNode json = new ObjectMapper().readTree(InProcess.run("runs", output, "--json").out());
    assertThat(json).hasSize(2);
    assertThat(json.get(0).get("mIoU").asDouble())
        .isGreaterThanOrEqualTo(json.get(1).get("mIoU").asDouble());
  }

  @Test
  void aMistakeInOneOfTheRunsStopsAllBeforeTheFirst() throws IOException {
    Path tiny = TinyData.write(folder);
    Run run = InProcess.run("train", tiny, "--sweep", "train.batch=1,two");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines())
        .containsExactly(
            "s2f: " + tiny + ": train.batch: expected an integer from 1 to 4096, found \"two\"");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void foldersWithoutRunsAreNamed() {
    Run run = InProcess.run("runs", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines())
        .containsExactly("s2f: " + folder + ": holds no run: neither log.jsonl nor config.yaml");
    assertThat(InProcess.run("runs", folder.resolve("x")).errorLines())
        .containsExactly("s2f: " + folder.resolve("x") + ": no such folder");
  }
}
