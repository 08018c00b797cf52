package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;

class BackendsTest {
  private final Workers workers = new Workers(1);

  @AfterEach
  void tidy() {
    workers.close();
    System.clearProperty(Backends.PROPERTY);
  }

  @Test
  void givesWhatIsAskedFor() {
    Ops scalar = Backends.create(Backend.SCALAR, Precision.F64, workers);
    assertThat(scalar.describe()).isEqualTo("scalar, f64, 1 thread");
    assertThat(scalar.precision().type()).isEqualTo(DType.F64);
    Ops vector = Backends.create(Backend.VECTOR, Precision.F32, workers);
    assertThat(vector.describe()).isEqualTo("vector " + Backends.vectorBits() + ", f32, 1 thread");
    assertThat(Backends.vectorBits()).isIn(128, 256, 512);
    String width = System.getProperty(Backends.VECTOR_BITS, "" + Backends.vectorBits());
    assertThat("" + Backends.vectorBits()).isEqualTo(width);
  }

  @Test
  void autoIsVectorUnlessThePropertySaysOtherwise() {
    assertThat(Backends.create(Backend.AUTO, Precision.F32, workers).describe())
        .startsWith("vector");
    System.setProperty(Backends.PROPERTY, "scalar");
    assertThat(Backends.create(Backend.AUTO, Precision.F32, workers).describe())
        .startsWith("scalar");
    assertThat(Backends.create(Backend.VECTOR, Precision.F32, workers).describe())
        .startsWith("vector");
  }

  @Test
  void refusesUnknownNamesAndTypes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backends.create(Backend.of("gpu"), Precision.F32, workers))
        .withMessage("expected backend scalar, vector or auto, found gpu (asked for)");
    System.setProperty(Backends.PROPERTY, "fast");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backends.create(Backend.AUTO, Precision.F32, workers))
        .withMessageContaining("found fast (system property s2f.backend)");
  }

  @Test
  void withoutTheVectorApiAutoIsScalarAndVectorSaysWhatToDo() throws Exception {
    assertThat(java(List.of(), "auto"))
        .contains("created scalar (no Vector API), f32, 1 thread")
        .containsOnlyOnce("start Java with --add-modules jdk.incubator.vector")
        .contains("bits 0");
    assertThat(java(List.of(), "vector"))
        .contains(
            "IllegalStateException: backend vector needs the Vector API: start Java with"
                + " --add-modules jdk.incubator.vector");
  }

  @Test
  void takesTheWidthFromThePropertyAndRefusesOthers() throws Exception {
    List<String> module = List.of("--add-modules", "jdk.incubator.vector");
    List<String> narrow = new ArrayList<>(module);
    narrow.add("-Ds2f.vector.bits=128");
    assertThat(java(narrow, "auto")).contains("created vector 128, f32, 1 thread");
    List<String> odd = new ArrayList<>(module);
    odd.add("-Ds2f.vector.bits=96");
    assertThat(java(odd, "auto"))
        .contains(
            "IllegalArgumentException: system property s2f.vector.bits: expected 128, 256 or 512,"
                + " found 96");
  }

  /** What {@link Main} prints in a Java of its own. */
  private static String java(List<String> options, String backend)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add(backend);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return printed;
  }

  /** Creates the backend that its argument names, and computes something with it. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      try (Workers workers = new Workers(1)) {
        Ops ops = Backends.create(Backend.of(args[0]), Precision.F32, workers);
        ops.sigmoid(new Samples(1).real(Precision.F32, 100));
        Backends.create(Backend.of(args[0]), Precision.F64, workers);
        System.out.println("created " + ops.describe());
        System.out.println("bits " + Backends.vectorBits());
      }
    }
  }
}
