package org.spike2former.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that commands print and write is the same in every locale, byte for byte except times. */
class LocaleTest {
  private static final Locale LOCALE = Locale.getDefault();

  @TempDir private static Path folder;
  private static Map<String, String> expected;

  @BeforeAll
  static void runInEnglish() throws IOException {
    TinyData.write(folder);
    expected = outputs("en-US");
    assertThat(expected).hasSizeGreaterThan(30);
  }

  @AfterAll
  static void reset() {
    Locale.setDefault(LOCALE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"de-DE", "ar-EG-u-nu-arab", "tr-TR"})
  void outputsAreTheSame(String locale) throws IOException {
    Map<String, String> found = outputs(locale);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach((name, text) -> assertThat(text).as(name).isEqualTo(expected.get(name)));
  }

  /** By the command or the file. */
  private static Map<String, String> outputs(String locale) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(locale));
    Path work = folder.resolve("work");
    Map<String, String> outputs = new TreeMap<>();
    Path data = folder.resolve("tiny.yaml");
    Path root = folder.resolve("data");
    Path image = folder.resolve("data/images/val/0.png");
    Path model = work.resolve("run/best");
    run(
        outputs,
        0,
        List.of(
            "train",
            data,
            "--set",
            "train.iterations=2",
            "--set",
            "train.eval_every=1",
            "--set",
            "train.log_every=1",
            "--set",
            "output=" + work.resolve("run")));
    run(
        outputs,
        0,
        List.of(
            "eval", model, "--data", data, "--root", root, "--split", "val", "-o", work + "/eval"));
    run(
        outputs,
        0,
        List.of("eval", model, "--data", data, "--root", root, "--split", "val", "--json"));
    run(
        outputs,
        0,
        List.of(
            "segment",
            image,
            "-m",
            model,
            "-o",
            work,
            "--digest",
            "--count",
            "--arithmetic",
            "INTEGER"));
    run(
        outputs,
        0,
        List.of("segment", image, "-m", model, "-o", work, "--json", "--backend", "SCALAR"));
    run(outputs, 0, List.of("segment", image, "-m", model, "-o", work, "--weights", "INT8"));
    run(outputs, 0, List.of("data", "check", data, "--root", root, "--split", "train,val"));
    run(
        outputs,
        0,
        List.of(
            "data", "show", data, "--root", root, "--count", "2", "-o", work.resolve("show.png")));
    run(
        outputs,
        0,
        List.of("firing", model, "--data", image, "--release-csv", "-o", work + "/firing"));
    run(outputs, 0, List.of("firing", model, "--data", image, "--json"));
    run(outputs, 0, List.of("cost", model, "--layers", "--data", image));
    run(outputs, 0, List.of("cost", "ade20k-sdtv2-15m", "--mean-k", "0.25", "--json"));
    run(outputs, 0, List.of("info", model, "--tensors"));
    run(outputs, 0, List.of("info", model, "--json"));
    run(outputs, 0, List.of("dump", model, image, "-o", work.resolve("dump")));
    Path page = work.resolve("parity.html");
    Path junit = work.resolve("parity.xml");
    run(
        outputs,
        0,
        List.of(
            "parity", work + "/dump", "--precision", "F64", "--report", page, "--junit", junit));
    run(outputs, 0, List.of("diff", work + "/dump", work + "/dump", "--json"));
    run(outputs, 0, List.of("devices"));
    run(outputs, 0, List.of("--help"));
    run(outputs, 0, List.of("segment", "--help"));
    run(outputs, 2, List.of("segment", "--threads", "x", image));
    run(outputs, 2, List.of("segment", "--backend", "İ", image));
    run(outputs, 2, List.of("cost", model, "--size", "0x1"));
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = work.relativize(file).toString();
        boolean text = name.matches(".*\\.(json|jsonl|csv|html|xml|yaml|lock)");
        outputs.put(name, text ? withoutTimes(Files.readString(file)) : checksum(file));
      }
    }
    delete(work);
    return outputs;
  }

  private static String checksum(Path file) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(Files.readAllBytes(file));
    return Long.toHexString(sum.getValue());
  }

  private static void run(Map<String, String> outputs, int code, List<Object> command) {
    InProcess.Run run = InProcess.run(command.toArray());
    assertThat(run.code()).as(command + run.err()).isEqualTo(code);
    outputs.put(command.toString(), withoutTimes(run.code() + "\n" + run.out() + run.err()));
  }

  /** Numbers in the digits and with the point of English alone count as times. */
  private static String withoutTimes(String text) {
    return text.replaceAll("\\d+:\\d\\d:\\d\\d", "TIME")
        .replaceAll("\\d+(\\.\\d+)?( ?(s|ms|min|h|img/s|images/s)\\b)", "TIME$2")
        .replaceAll("[\\d.]+( MiB of heap)", "MEMORY$1")
        .replaceAll("(time=\")[\\d.]+", "$1TIME")
        .replaceAll("(\"\\w*seconds?\" ?: ?)[-+.\\dE]+", "$1TIME")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:+Z-]+", "DATE");
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
