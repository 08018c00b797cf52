package org.spike2former.model.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.snn.firing.LayerFiring;

/** How neuron layers fired, as text, CSV and JSON. */
public final class FiringReport {
  private final List<LayerFiring> layers;
  private final double degraded;

  /**
   * A report.
   *
   * @param degraded firing rate below which a layer is warned of
   */
  public FiringReport(List<LayerFiring> layers, double degraded) {
    this.layers = layers;
    this.degraded = degraded;
  }

  /** The layers that nearly cease to fire. */
  List<LayerFiring> degradedLayers() {
    return layers.stream().filter(layer -> layer.rate() < degraded).toList();
  }

  /** A table of the layers, and a warning of those that nearly cease to fire. */
  public String text() {
    Table<LayerFiring> table =
        Table.of(
            layers,
            Column.right("mean k", 7, "%.3f", LayerFiring::meanSpikes),
            Column.right("R %", 7, "%.2f", layer -> 100 * layer.rate()),
            Column.right("k>0 %", 6, "%.1f", layer -> 100 * layer.nonZero()),
            Column.right("k=D %", 6, "%.1f", layer -> 100 * layer.share(layer.maxSpikes())),
            Column.right("silent", 6, LayerFiring::silentChannels),
            Column.right("full", 5, LayerFiring::saturatedChannels),
            Column.right("C", 4, LayerFiring::channels),
            Column.left("layer", LayerFiring::name));
    StringBuilder out = new StringBuilder(table.text());
    out.append("silent, full: channels that fired nowhere, or D everywhere\n");
    List<LayerFiring> weak = degradedLayers();
    if (!weak.isEmpty()) {
      out.append(
          String.format(Locale.ROOT, "%nspike degradation: R below %.4g %% in%n", 100 * degraded));
      for (LayerFiring layer : weak) {
        out.append(
            String.format(
                Locale.ROOT,
                "  %s: R %.4f %%, %d of %d channels silent%n",
                layer.name(),
                100 * layer.rate(),
                layer.silentChannels(),
                layer.channels()));
      }
    }
    return out.toString();
  }

  /** A row for each layer; shares are of all neurons of all images. */
  public String csv() {
    int most = layers.stream().mapToInt(LayerFiring::maxSpikes).max().orElse(0);
    List<Column<LayerFiring>> columns = new ArrayList<>();
    columns.add(Column.of("layer", LayerFiring::name));
    columns.add(Column.of("max_spikes", LayerFiring::maxSpikes));
    columns.add(Column.of("channels", LayerFiring::channels));
    columns.add(Column.of("mean_k", LayerFiring::meanSpikes));
    columns.add(Column.of("rate", LayerFiring::rate));
    columns.add(Column.of("non_zero", LayerFiring::nonZero));
    columns.add(Column.of("silent_channels", LayerFiring::silentChannels));
    columns.add(Column.of("saturated_channels", LayerFiring::saturatedChannels));
    for (int count = 0; count <= most; count++) {
      int k = count;
      columns.add(
          Column.of("share_k" + k, layer -> k <= layer.maxSpikes() ? layer.share(k) : null));
    }
    return new Table<>(columns, layers).csv();
  }

  /**
   * The release's {@code fr_rate.csv}: an index without a name and a column T with the mean over
   * the images of each image's mean k, not divided by D.
   */
  public String releaseCsv() {
    return Table.of(
            layers,
            Column.of("", LayerFiring::name),
            Column.of("T", LayerFiring::meanSpikesOfImages))
        .csv();
  }

  /** An object for each layer, and the names of those that nearly cease to fire. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = node.putArray("layers");
    for (LayerFiring layer : layers) {
      ObjectNode row = rows.addObject().put("name", layer.name());
      row.put("max_spikes", layer.maxSpikes()).put("channels", layer.channels());
      row.put("mean_k", layer.meanSpikes()).put("rate", layer.rate());
      row.put("non_zero", layer.nonZero());
      row.put("silent_channels", layer.silentChannels());
      row.put("saturated_channels", layer.saturatedChannels());
      LongStream.of(layer.histogram()).forEach(row.withArray("histogram")::add);
    }
    node.put("degraded_below", degraded);
    ArrayNode weak = node.putArray("degraded");
    degradedLayers().forEach(layer -> weak.add(layer.name()));
    return node;
  }
}
