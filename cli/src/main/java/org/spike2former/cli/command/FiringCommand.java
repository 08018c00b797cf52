package org.spike2former.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spike2former.cli.cluster.ClusterOptions;
import org.spike2former.cli.cluster.ImageCommand;
import org.spike2former.cli.option.ComputeOptions;
import org.spike2former.cli.option.Home;
import org.spike2former.cli.option.ImageOptions;
import org.spike2former.cli.option.WeightsKeyOption;
import org.spike2former.cli.report.FiringPlots;
import org.spike2former.cli.report.FiringRun;
import org.spike2former.cli.report.FiringTally;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.PreparedImage;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.PassRunner;
import org.spike2former.data.picture.HeatMap;
import org.spike2former.model.network.PartNames;
import org.spike2former.model.report.FiringReport;
import org.spike2former.model.report.TokenGrid;
import org.spike2former.snn.firing.LayerFiring;
import org.spike2former.snn.firing.SpikeMaps;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f firing}: how often each neuron layer fires. */
@Command(
    name = "firing",
    header = "Counts the spikes of every neuron layer over images.",
    description =
        "Prints for each layer mean k, firing rate R = mean(k)/D, the shares of neurons with k > 0"
            + " and k = D, and the channels that fired nowhere or D everywhere; warns of layers"
            + " that nearly cease to fire.",
    mixinStandardHelpOptions = true)
public final class FiringCommand implements Callable<Integer>, ImageCommand {
  @Parameters(paramLabel = "MODEL_DIR", description = "Model folder, or the name of one in models.")
  private Path model;

  @Mixin private ImageOptions imageOptions;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Writes firing.json, firing.csv, rates.png and channels.png there.")
  private Path output;

  @Option(
      names = "--release-csv",
      description = "With --output, also fr_rate.csv as the authors' release writes it.")
  private boolean releaseCsv;

  @Option(
      names = "--maps",
      paramLabel = "LAYER",
      split = ",",
      description = "With --output, draws where these layers fire: maps/IMAGE-LAYER.png.")
  private List<String> maps = List.of();

  @Option(
      names = "--map-images",
      paramLabel = "N",
      defaultValue = "1",
      description = "Draws them for the first N images (default: 1).")
  private int mapImages;

  @Option(
      names = "--degraded",
      paramLabel = "RATE",
      defaultValue = "0.01",
      description = "Warns of layers with R below this (default: 0.01).")
  private double degraded;

  @Mixin private ComputeOptions compute;

  @Mixin private WeightsKeyOption weightsKey;

  @Mixin private ClusterOptions cluster;

  @Option(names = "--json", description = "Print the results as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!imageOptions.given()) {
      throw new IllegalArgumentException("no images: --data says where they are");
    }
    if (output == null && (releaseCsv || !maps.isEmpty())) {
      throw new IllegalArgumentException("--release-csv and --maps need --output");
    }
    if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
      throw new IllegalArgumentException(output + ": not a folder");
    }
    if (mapImages < 1 || !(degraded >= 0 && degraded <= 1)) {
      throw new IllegalArgumentException(
          "expected --map-images of 1 or more and --degraded from 0 to 1");
    }
    PassRunner machines = cluster.runner(this);
    ImageOptions.Selection images = imageOptions.list();
    if (!maps.isEmpty()) {
      requireDistinctNames(images.files());
    }
    try (FiringRun run = run(model(), images)) {
      FiringTally fired = run.count(machines);
      String backend = cluster.given() ? cluster.config().master() : run.describe();
      FiringReport report = new FiringReport(fired.layers(), degraded);
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("model", model.toString()).put("data", images.name());
      node.put("images", images.files().size()).put("median_seconds", fired.medianSeconds());
      node.put("backend", backend).setAll(report.json());
      if (output != null) {
        write(node, report, fired.layers());
      }
      if (json) {
        System.out.println(node.toPrettyString());
      } else {
        System.out.print(report.text());
        System.out.printf(
            Locale.ROOT,
            "%n%s: %d images, median %.1f ms  (%s)%n",
            images.name(),
            images.files().size(),
            1e3 * fired.medianSeconds(),
            backend);
        if (output != null) {
          System.out.println("→ " + output);
        }
      }
    }
    return 0;
  }

  private FiringRun run(Path folder, ImageOptions.Selection images) throws IOException {
    FiringRun run = new FiringRun(folder, weightsKey.key(), compute, images);
    if (!maps.isEmpty()) {
      SpikeMaps spikeMaps = new SpikeMaps(new LinkedHashSet<>(maps));
      run.tell(
          spikeMaps,
          (i, image, prepared, fired) -> {
            if (i == 0) {
              requireLayers(fired.layers());
            }
            if (i < mapImages) {
              draw(onGrid(spikeMaps.maps(), run, prepared), images.files().get(i), image, prepared);
            }
          });
    }
    return run;
  }

  @Override
  public Path model() {
    return Home.model(model);
  }

  @Override
  public Path output() {
    return maps.isEmpty() ? null : output;
  }

  @Override
  public ImagePass<?, ?> pass(Path folder, int processors) throws IOException {
    compute.useProcessors(processors);
    return run(folder, imageOptions.list());
  }

  private void requireLayers(List<LayerFiring> layers) {
    List<String> names = layers.stream().map(LayerFiring::name).toList();
    for (String wanted : maps) {
      if (!names.contains(wanted)) {
        throw new IllegalArgumentException(
            "--maps: " + model + " has no neuron layer " + wanted + "; the table lists all");
      }
    }
  }

  private void draw(
      Map<String, Tensor> rates, Path file, BufferedImage image, PreparedImage prepared)
      throws IOException {
    for (Map.Entry<String, Tensor> entry : rates.entrySet()) {
      Tensor map = entry.getValue();
      double shownHeight = (double) prepared.contentHeight() / prepared.height();
      double shownWidth = (double) prepared.contentWidth() / prepared.width();
      HeatMap heat = new HeatMap(map.floats(), map.dim(0), map.dim(1), shownHeight, shownWidth);
      String title = PartNames.withinModule(entry.getKey());
      ImageFiles.writePng(
          heat.over(image, title),
          output.resolve("maps").resolve(baseName(file) + "-" + entry.getKey() + ".png"));
    }
  }

  private static String baseName(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
  }

  /** Images of one name from two folders would have one map. */
  private void requireDistinctNames(List<Path> files) {
    Map<String, Path> seen = new HashMap<>();
    for (Path file : files.subList(0, Math.min(mapImages, files.size()))) {
      Path other = seen.put(baseName(file), file);
      if (other != null) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "--maps: %s and %s would both be written as maps/%s-*.png",
                other,
                file,
                baseName(file)));
      }
    }
  }

  /** All of them, so that nothing is drawn if one cannot be. */
  private static Map<String, Tensor> onGrid(
      Map<String, Tensor> maps, FiringRun run, PreparedImage prepared) {
    Map<String, Tensor> grids = new LinkedHashMap<>();
    maps.forEach((layer, map) -> grids.put(layer, onGrid(layer, map, run, prepared)));
    return grids;
  }

  private static Tensor onGrid(String layer, Tensor map, FiringRun run, PreparedImage prepared) {
    if (map.rank() == 2) {
      return map;
    }
    int queries = run.network().config().queries();
    return TokenGrid.of(map.dim(0), queries, prepared.height(), prepared.width())
        .map(grid -> map.reshape(grid.height(), grid.width()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--maps: "
                        + layer
                        + " fires for queries, not for places: "
                        + Shape.toString(map.shape())));
  }

  private void write(ObjectNode node, FiringReport report, List<LayerFiring> layers)
      throws IOException {
    Files.createDirectories(output);
    write("firing.json", node.toPrettyString() + "\n");
    write("firing.csv", report.csv());
    if (releaseCsv) {
      write("fr_rate.csv", report.releaseCsv());
    }
    ImageFiles.writePng(FiringPlots.rates(layers), output.resolve("rates.png"));
    ImageFiles.writePng(FiringPlots.channels(layers), output.resolve("channels.png"));
  }

  private void write(String name, String text) throws IOException {
    AtomicFile.write(output.resolve(name), text);
  }
}
