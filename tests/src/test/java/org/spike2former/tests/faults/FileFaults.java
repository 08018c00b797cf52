package org.spike2former.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;
import org.spike2former.cli.TinyData;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;

/**
 * A process of {@link FaultyFiles} that runs commands whose n-th operation on files fails, for n
 * over all that they do: each ends with one line or as if nothing had happened, leaves nothing half
 * written, and the same command afterwards makes what it would have made.
 */
final class FileFaults {
  /** What no two runs have in common. */
  private static final String TIMES =
      "\"(seconds|images_per_second|[a-z_]*seconds)\" ?: ?[^,}\\n]*";

  private final Path folder;
  private final Path config;
  private final Path trained;

  /** Words of a command; {@code out} is where it writes. */
  private interface Words {
    List<Object> to(Path out);
  }

  /**
   * Trains a model for the commands.
   *
   * @param folder for all files
   */
  private FileFaults(Path folder) throws IOException {
    assertThat(folder.getFileSystem().provider()).isInstanceOf(FaultyFiles.class);
    this.folder = folder;
    config = TinyData.write(folder);
    trained = folder.resolve("trained");
    assertDone(InProcess.run(training(trained).toArray()));
  }

  /**
   * Ends with an error at the first promise that is not kept.
   *
   * @param args a folder for all files; at how many operations of a command something fails
   */
  public static void main(String[] args) throws IOException {
    FileFaults faults = new FileFaults(Path.of(args[0]));
    int count = Integer.parseInt(args[1]);
    for (Fault fault : Fault.values()) {
      faults.scan(fault, count, faults::segmenting);
      faults.scan(fault, count, faults::judging);
      faults.scan(fault, count, faults::training);
    }
  }

  private List<Object> training(Path out) {
    return List.of(
        "train",
        config,
        "--resume",
        "--set",
        "output=" + out,
        "train.iterations=2",
        "train.eval_every=2",
        "train.checkpoint_every=1",
        "train.log_every=1");
  }

  private List<Object> segmenting(Path out) {
    Path images = folder.resolve("data/images/val");
    return List.of("segment", images, "-m", trained.resolve("last"), "-o", out, "--confidence");
  }

  private List<Object> judging(Path out) {
    Path model = trained.resolve("last");
    return List.of("eval", model, "--data", config, "--split", "val", "-o", out, "--save-labels");
  }

  /** Fails at some operations of a command: the first ones, and others drawn from all. */
  private void scan(Fault fault, int count, Words words) throws IOException {
    Path out = folder.resolve("out");
    Object[] command = words.to(out).toArray();
    remove(out);
    Fault.at(Integer.MAX_VALUE, fault, folder);
    assertDone(InProcess.run(command));
    int operations = Fault.none();
    assertThat(operations).isPositive();
    Map<String, String> expected = files(out);
    assertThat(expected).isNotEmpty();
    IntStream drawn = new Random(count).ints(count, 0, operations);
    for (int n : IntStream.concat(IntStream.of(0, operations - 1), drawn).distinct().toArray()) {
      remove(out);
      Fault.at(n, fault, folder);
      Run broken = InProcess.run(command);
      Fault.none();
      String where =
          command[0] + ", " + fault + " at " + n + " of " + operations + ": " + broken.err();
      assertThat(broken.code()).as(where).isIn(0, 2);
      assertThat(broken.err()).as(where).doesNotContain("Exception", "\tat ");
      if (broken.code() == 2) {
        assertThat(broken.err()).as(where).contains("s2f: ");
      }
      assertThat(expected.keySet()).as(where).containsAll(files(out).keySet());
      if (command[0].equals("train")) {
        assertReadable(out, where);
      } else {
        assertThat(expected).as(where).containsAllEntriesOf(files(out));
      }
      assertDone(InProcess.run(command));
      Set<String> changed = changed(files(out), expected);
      if (command[0].equals("train") && broken.code() == 0) {
        // A run that is finished is left alone, and goes without a picture that could not be drawn.
        changed.removeIf(name -> name.endsWith(".png"));
      }
      assertThat(changed).as("after %s", where).isEmpty();
    }
  }

  /** Files of a run that is to go on are those of another step. */
  private static void assertReadable(Path out, String where) throws IOException {
    for (String name : files(out).keySet()) {
      if (name.endsWith(".safetensors")) {
        try (TensorArchive archive = TensorFiles.open(out.resolve(name))) {
          for (String tensor : archive.names()) {
            assertThat(archive.read(tensor)).as(where).isNotNull();
          }
        }
      }
    }
  }

  /** Names of files that are not in both with the same content. */
  private static Set<String> changed(Map<String, String> found, Map<String, String> expected) {
    Set<String> names = new TreeSet<>(found.keySet());
    names.addAll(expected.keySet());
    names.removeIf(name -> Objects.equals(found.get(name), expected.get(name)));
    return names;
  }

  private static void assertDone(Run run) {
    assertThat(run.code()).as(run.err()).isZero();
  }

  /** All files and their content, but for times. */
  private static Map<String, String> files(Path out) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (Files.exists(out)) {
      try (Stream<Path> found = Files.walk(out)) {
        for (Path file : found.filter(FileFaults::counts).toList()) {
          files.put(out.relativize(file).toString(), content(file));
        }
      }
    }
    return files;
  }

  /** A run's lock says when it was taken, and its notes who went on with it. */
  private static boolean counts(Path file) {
    return Files.isRegularFile(file)
        && !file.getFileName().toString().matches("run\\.lock|resumed\\.txt");
  }

  private static void remove(Path out) throws IOException {
    if (Files.exists(out)) {
      try (Stream<Path> found = Files.walk(out)) {
        for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String content(Path file) throws IOException {
    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return content.replaceAll(TIMES, "");
  }
}
