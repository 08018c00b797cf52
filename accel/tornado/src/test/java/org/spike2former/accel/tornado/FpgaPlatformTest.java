package org.spike2former.accel.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TornadoVM itself makes of kernels where it believes to be on an FPGA, which it tells by the
 * platform's name. Nothing here depends on it: the test reports whether its sources are whole.
 */
class FpgaPlatformTest {
  private static final Logger LOG = LoggerFactory.getLogger(FpgaPlatformTest.class);
  private static final String MODULE = "tornado.drivers.opencl";
  private static final String PLATFORM =
      "uk/ac/manchester/tornado/drivers/opencl/virtual/VirtualOCLPlatform.class";

  @TempDir private Path folder;

  /** The platform of described devices, with another name. */
  private Path patch() throws IOException {
    Module drivers = ModuleLayer.boot().findModule(MODULE).orElseThrow();
    byte[] named;
    try (InputStream in = drivers.getResourceAsStream(PLATFORM)) {
      ClassFile files = ClassFile.of();
      named =
          files.transformClass(
              files.parse(in.readAllBytes()),
              (builder, element) -> {
                if (element instanceof MethodModel method
                    && method.methodName().equalsString("getName")) {
                  builder.withMethodBody(
                      method.methodName(),
                      method.methodType(),
                      method.flags().flagsMask(),
                      code -> code.loadConstant("an FPGA").areturn());
                } else {
                  builder.with(element);
                }
              });
    }
    Path patch = folder.resolve("patch");
    Path file = patch.resolve(PLATFORM);
    Files.createDirectories(file.getParent());
    Files.write(file, named);
    return patch;
  }

  @Test
  void itsSourcesAreForFpgasWholeOrNot() throws Exception {
    Path kernels = Files.createDirectory(folder.resolve("kernels"));
    Path log = folder.resolve("log");
    WriteKernels.run(kernels, log, "--patch-module", MODULE + "=" + patch());
    List<Path> files;
    try (Stream<Path> all = Files.list(kernels)) {
      files = all.toList();
    }
    List<String> broken = new ArrayList<>();
    for (Path file : files) {
      String source = Files.readString(file);
      assertThat(source).as("it is for an FPGA").contains("__attribute__((reqd_work_group_size(");
      if (count(source, '{') != count(source, '}')) {
        broken.add(file.getFileName().toString());
      }
    }
    assertThat(files).as(Files.readString(log)).isNotEmpty();
    LOG.info(
        "TornadoVM's sources for a platform named FPGA: {} of {} kernels lack a brace {}",
        broken.size(),
        files.size(),
        broken);
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(c -> c == wanted).count();
  }
}
