package org.spike2former.tests.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of files, commands leave nothing half written, and can be repeated. */
class FileFaultsTest {
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx1g", "-Djava.nio.file.spi.DefaultFileSystemProvider=" + FaultyFiles.class.getName());

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

  private void run(int operations) throws Exception {
    Path files = Files.createDirectory(folder.resolve("files"));
    Child.run(folder, OPTIONS, FileFaults.class, files.toString(), Integer.toString(operations));
  }
}
