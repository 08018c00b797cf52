package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.spike2former.accel.Int8Work;
import org.spike2former.accel.Offload;
import org.spike2former.accel.Offloads;
import org.spike2former.accel.Plan;
import org.spike2former.accel.Step;
import org.spike2former.cli.option.Home;
import org.spike2former.data.Folders;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.data.pixel.FrameImage;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.network.Network;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.layer.WeightType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f accel kernels}: the sources of the kernels with 8-bit weights. */
@Command(
    name = "kernels",
    header = "Writes the OpenCL source of the kernels with 8-bit weights.",
    description = {
      "With --fpga: kernels for FPGAs, one for each shape of layer, with what they take by"
          + " estimate; with --vectors also a host program that checks them on real inputs.",
      "Without: those that TornadoVM makes, one for each kind of layer and output, that of the"
          + " layer with the most multiply-adds; and layers.csv, what each layer asks of a device."
    },
    mixinStandardHelpOptions = true)
final class AccelKernelsCommand implements Callable<Integer> {
  private static final String LAYERS = "layers.csv";

  @Parameters(arity = "0..1", paramLabel = "IMAGE", description = "Default: a bundled sample.")
  private Path image;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL_DIR",
      description = "Model folder (default: the bundled one).")
  private Path model;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "Folder to make.")
  private Path output;

  @Option(
      names = "--fpga",
      description = "The project's own kernels for FPGAs; needs neither TornadoVM nor a device.")
  private boolean fpga;

  @Option(
      names = "--vectors",
      paramLabel = "N",
      description =
          "With --fpga: host.c, a Makefile, and inputs and outputs of up to N layers of each"
              + " shape; make check runs them.")
  private int vectors;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "TornadoVM's kernels for a described device, which need not be there: the name of a file"
              + " in configs/devices. Without it: for the first device found.")
  private String device;

  @Option(names = "--all", description = "TornadoVM's kernel of every layer.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    requireTogether();
    Path description = description();
    requireEmpty();
    Offload offload = fpga ? null : Offloads.find(Offloads.TORNADO);
    Path target = output.toAbsolutePath();
    Path folder = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectory(folder);
      String report = fpga ? fpgaKernels(folder) : deviceKernels(folder, offload, description);
      Files.deleteIfExists(target);
      Files.move(folder, target);
      System.out.print(report);
    } finally {
      Folders.delete(folder);
    }
    return 0;
  }

  private void requireTogether() {
    if (fpga && (device != null || all)) {
      throw new IllegalArgumentException(
          "--device and --all are of TornadoVM's kernels, --fpga of others");
    }
    if (vectors < 0 || (vectors > 0 && !fpga)) {
      throw new IllegalArgumentException(
          "expected --vectors of at least 0, with --fpga, found " + vectors);
    }
  }

  private Path description() throws IOException {
    if (device == null) {
      return null;
    }
    Path description = Home.devices().named(device);
    if (!Files.isRegularFile(description)) {
      throw new IllegalArgumentException(
          device
              + ": no such description of a device; there are "
              + String.join(", ", Home.devices().names()));
    }
    return description;
  }

  private String fpgaKernels(Path folder) throws IOException {
    return onImage(
        (network, input, host) ->
            FpgaKernels.write(folder, vectors, host, ops -> network.labels(ops, input)));
  }

  private String deviceKernels(Path folder, Offload offload, Path description) throws IOException {
    List<Int8Work> layers = Int8Work.of(onImage(AccelKernelsCommand::plan));
    Map<Path, Step> files = new LinkedHashMap<>();
    (all ? all(layers) : greatest(layers))
        .forEach((name, layer) -> files.put(folder.resolve(name + ".cl"), layer.step()));
    offload.writeKernels(files, description);
    Files.writeString(folder.resolve(LAYERS), csv(layers));
    return table(layers)
        + String.format(Locale.ROOT, "%d kernels and %s in %s%n", files.size(), LAYERS, output);
  }

  private void requireEmpty() throws IOException {
    if (Files.exists(output)) {
      if (!Files.isDirectory(output)) {
        throw new FormatException(output, "is a file, expected a folder to make");
      }
      try (Stream<Path> inside = Files.list(output)) {
        if (inside.findAny().isPresent()) {
          throw new FormatException(output, "is not empty; kernels go to a folder of their own");
        }
      }
    } else if (!Files.isDirectory(output.toAbsolutePath().getParent())) {
      throw new FormatException(output, "its folder does not exist");
    }
  }

  /** What is done with a network and an image. */
  @FunctionalInterface
  private interface Work<T> {
    T of(Network network, Tensor input, Ops host) throws IOException;
  }

  private <T> T onImage(Work<T> work) throws IOException {
    Path folder = Home.model(model);
    Path file = image == null ? Home.path().resolve("samples/street.jpg") : image;
    Network network = ModelFolder.load(folder, false);
    PreparedImage prepared =
        Preprocessing.read(folder.resolve("preprocess.json")).prepare(FrameImage.read(file));
    Tensor input = Tensor.of(prepared.floats(), prepared.shape());
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.AUTO, Precision.F32, WeightType.INT8, workers);
      return work.of(network, input, host);
    }
  }

  private static Plan plan(Network network, Tensor input, Ops host) {
    return Plan.of(
        (ops, in) -> network.labels(ops, in.get(0)),
        List.of(input),
        _ -> null,
        host,
        WeightType.INT8);
  }

  /** Of each kernel the layer with the most multiply-adds. */
  private static Map<String, Int8Work> greatest(List<Int8Work> layers) {
    Map<String, Int8Work> byKernel = new LinkedHashMap<>();
    for (Int8Work layer : layers) {
      byKernel.merge(layer.kernel(), layer, (a, b) -> b.multiplyAdds() > a.multiplyAdds() ? b : a);
    }
    return byKernel;
  }

  /** All, by number and name: a layer may compute more than once. */
  private static Map<String, Int8Work> all(List<Int8Work> layers) {
    Map<String, Int8Work> byName = new LinkedHashMap<>();
    for (Int8Work layer : layers) {
      String name =
          String.format(
              Locale.ROOT, "%03d-%s-%s", byName.size(), layer.kernel(), layer.step().name());
      byName.put(name, layer);
    }
    return byName;
  }

  private static String csv(List<Int8Work> layers) {
    return Table.of(
            layers,
            Column.of("layer", layer -> layer.step().name()),
            Column.of("kernel", Int8Work::kernel),
            Column.of("multiply_adds", Int8Work::multiplyAdds),
            Column.of("weight_bytes", Int8Work::weightBytes),
            Column.of("parameter_bytes", Int8Work::parameterBytes),
            Column.of("spike_bytes", Int8Work::spikeBytes),
            Column.of("output_bytes", layer -> layer.step().output().bytes()))
        .csv();
  }

  private static String table(List<Int8Work> layers) {
    Map<String, List<Int8Work>> byKernel = new LinkedHashMap<>();
    layers.forEach(l -> byKernel.computeIfAbsent(l.kernel(), _ -> new ArrayList<>()).add(l));
    return Table.of(
            List.copyOf(byKernel.values()),
            Column.left("kernel", 24, those -> those.get(0).kernel()),
            Column.right("layers", 6, List::size),
            Column.right("MMAC", 8, "%.1f", those -> sum(those, Int8Work::multiplyAdds) / 1e6),
            Column.right(
                "weights, KiB", 12, "%.1f", those -> sum(those, Int8Work::weightBytes) / 1024),
            Column.right(
                "most of one, KiB", 16, "%.1f", those -> most(those, Int8Work::weightBytes) / 1024),
            Column.right(
                "most parameters, KiB",
                18,
                "%.1f",
                those -> most(those, Int8Work::parameterBytes) / 1024))
        .text();
  }

  private static double sum(List<Int8Work> layers, ToLongFunction<Int8Work> of) {
    return layers.stream().mapToLong(of).sum();
  }

  private static double most(List<Int8Work> layers, ToLongFunction<Int8Work> of) {
    return layers.stream().mapToLong(of).max().orElse(0);
  }
}
