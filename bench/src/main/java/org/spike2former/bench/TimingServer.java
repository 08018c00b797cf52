package org.spike2former.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;

/**
 * Times the network on behalf of {@code bench/compare}. It reads commands from standard input, one
 * a line with words separated by tabs, and answers each with one line, {@code ok ...} or {@code
 * error ...}:
 *
 * <pre>
 *   load MODEL_DIR IMAGE   the backend's description
 *   run N                  the seconds of N runs, from normalised image to label map
 *   labels FILE            writes the last run's label map, a byte a pixel
 *   labels64 FILE          writes the label map as computed in float64
 *   density                the share of spikes that are not zero
 *   train MODEL_DIR BATCH  sets up training on the images and labels of a safetensors file
 *   step N                 the seconds of N steps: forward, loss, backward, clip, update
 *   loss                   the last step's
 *   loss64 MODEL_DIR BATCH the first step's as computed in float64
 * </pre>
 */
public final class TimingServer {
  private final String backend;
  private final Workers workers;
  private final Ops ops;
  private Workload workload;
  private TrainingWorkload training;
  private Tensor labels;

  private TimingServer(String backend, Workers workers) {
    this.backend = backend;
    this.workers = workers;
    this.ops = Backends.create(Backend.of(backend), Precision.F32, workers);
  }

  /** Serves until the end of input. Arguments: backend, threads. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("expected two arguments: backend, threads");
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Workers workers = new Workers(Integer.parseInt(args[1]))) {
      TimingServer server = new TimingServer(args[0], workers);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(server.answer(line.split("\t")));
      }
    }
  }

  private String answer(String... words) {
    try {
      return "ok " + execute(words);
    } catch (IOException | IllegalArgumentException e) {
      return "error " + e.getMessage();
    }
  }

  private String execute(String... words) throws IOException {
    return switch (words[0] + " " + (words.length - 1)) {
      case "load 2" -> {
        workload = Workload.load(Path.of(words[1]), Path.of(words[2]));
        yield ops.describe();
      }
      case "run 1" -> time(Integer.parseInt(words[1]), () -> labels = workload.labels(ops));
      case "labels 1" -> {
        Files.write(Path.of(words[1]), labels.bytes());
        yield words[1];
      }
      case "labels64 1" -> {
        Ops exact = Backends.create(Backend.of(backend), Precision.F64, workers);
        Files.write(Path.of(words[1]), workload.labels(exact).bytes());
        yield words[1];
      }
      case "density 0" -> String.format(Locale.ROOT, "%.4f", workload.density(ops));
      case "train 2" -> {
        training = training(Precision.F32, words);
        yield training.describe();
      }
      case "step 1" -> time(Integer.parseInt(words[1]), training::step);
      case "loss 0" -> String.format(Locale.ROOT, "%.9g", training.loss());
      case "loss64 2" -> {
        TrainingWorkload fresh = training(Precision.F64, words);
        fresh.step();
        yield String.format(Locale.ROOT, "%.12g", fresh.loss());
      }
      default -> throw new IllegalArgumentException("no such command: " + String.join(" ", words));
    };
  }

  private TrainingWorkload training(Precision real, String... words) throws IOException {
    return TrainingWorkload.load(Path.of(words[1]), Path.of(words[2]), real, backend, workers);
  }

  private static String time(int times, Runnable work) {
    StringJoiner seconds = new StringJoiner(" ");
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      work.run();
      seconds.add(String.format(Locale.ROOT, "%.6f", (System.nanoTime() - start) / 1e9));
    }
    return seconds.toString();
  }
}
