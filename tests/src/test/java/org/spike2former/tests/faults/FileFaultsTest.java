package org.spike2former.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;

/** Whatever becomes of files, commands leave nothing half written, and can be repeated. */
class FileFaultsTest {
  @TempDir private Path folder;

  @Test
  void someOperationsMayFail() throws Exception {
    run(1);
  }

  @Test
  @Tag("slow")
  void manyOperationsMayFail() throws Exception {
    run(100);
  }

  /** Only a JVM that has not opened files yet can be told to have others. */
  private void run(int operations) throws Exception {
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Xmx1g"));
    command.add("-Djava.nio.file.spi.DefaultFileSystemProvider=" + FaultyFiles.class.getName());
    command.add("-Ds2f.root=" + InProcess.ROOT);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FileFaults.class.getName());
    command.add(Files.createDirectory(folder.resolve("files")).toString());
    command.add(Integer.toString(operations));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor()).as(() -> read(log)).isZero();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
