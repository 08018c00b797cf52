package org.spike2former.tests.faults;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever memory runs out, the segmenter goes on when there is some. */
class MemoryFaultsTest {
  @Test
  @Tag("slow")
  void anyAllocationMayFail(@TempDir Path folder) throws Exception {
    Child.run(folder, List.of("-Xmx128m"), MemoryFaults.class);
  }
}
