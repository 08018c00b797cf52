package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    description =
        "One file for each kind of layer and output, that of the layer with the most multiply-adds;"
            + " and layers.csv, what each layer asks of a device.",
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
      arity = "0..1",
      fallbackValue = "intel-arria-10",
      paramLabel = "NAME",
      description =
          "For a described device, which need not be there: the name of a file in configs/devices"
              + " (default: ${FALLBACK-VALUE}). Without it: for the first device found.")
  private String fpga;

  @Option(names = "--all", description = "The kernel of every layer.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    Path description = fpga == null ? null : Home.device(fpga);
    if (description != null && !Files.isRegularFile(description)) {
      throw new NoSuchFileException(description.toString());
    }
    requireEmpty();
    Offload offload = Offloads.find(Offloads.TORNADO);
    List<Int8Work> layers = Int8Work.of(plan());
    Path target = output.toAbsolutePath();
    Path folder = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectory(folder);
      Map<Path, Step> files = new LinkedHashMap<>();
      (all ? all(layers) : greatest(layers))
          .forEach((name, layer) -> files.put(folder.resolve(name + ".cl"), layer.step()));
      offload.writeKernels(files, description);
      Files.writeString(folder.resolve(LAYERS), csv(layers));
      Files.deleteIfExists(target);
      Files.move(folder, target);
      print(layers);
      System.out.println(files.size() + " kernels and " + LAYERS + " in " + output);
    } finally {
      Folders.delete(folder);
    }
    return 0;
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

  private Plan plan() throws IOException {
    Path folder = Home.model(model);
    Path file = image == null ? Home.path().resolve("samples/street.jpg") : image;
    Network network = ModelFolder.load(folder, false);
    PreparedImage prepared =
        Preprocessing.read(folder.resolve("preprocess.json")).prepare(FrameImage.read(file));
    int height = prepared.height();
    int width = prepared.width();
    Tensor input = Tensor.of(prepared.floats(), prepared.shape());
    try (Workers workers = new Workers(1)) {
      Ops host = Backends.create(Backend.AUTO, Precision.F32, WeightType.INT8, workers);
      return Plan.of(
          (ops, in) -> network.labels(ops, in.get(0)),
          List.of(input),
          _ -> null,
          host,
          WeightType.INT8);
    }
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

  private static void print(List<Int8Work> layers) {
    Map<String, List<Int8Work>> byKernel = new LinkedHashMap<>();
    layers.forEach(l -> byKernel.computeIfAbsent(l.kernel(), _ -> new ArrayList<>()).add(l));
    System.out.print(
        Table.of(
                List.copyOf(byKernel.values()),
                Column.left("kernel", 24, those -> those.get(0).kernel()),
                Column.right("layers", 6, List::size),
                Column.right("MMAC", 8, "%.1f", those -> sum(those, Int8Work::multiplyAdds) / 1e6),
                Column.right(
                    "weights, KiB", 12, "%.1f", those -> sum(those, Int8Work::weightBytes) / 1024),
                Column.right(
                    "most of one, KiB",
                    16,
                    "%.1f",
                    those -> most(those, Int8Work::weightBytes) / 1024),
                Column.right(
                    "most parameters, KiB",
                    18,
                    "%.1f",
                    those -> most(those, Int8Work::parameterBytes) / 1024))
            .text());
  }

  private static double sum(List<Int8Work> layers, ToLongFunction<Int8Work> of) {
    return layers.stream().mapToLong(of).sum();
  }

  private static double most(List<Int8Work> layers, ToLongFunction<Int8Work> of) {
    return layers.stream().mapToLong(of).max().orElse(0);
  }
}
