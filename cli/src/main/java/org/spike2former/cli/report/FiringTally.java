package org.spike2former.cli.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.spike2former.data.Tally;
import org.spike2former.snn.firing.LayerFiring;

/** How a model's neurons fired over images. */
public final class FiringTally implements Tally<FiringTally> {
  private static final long serialVersionUID = 1;

  /** Height and width of a network's input. */
  public record Size(int height, int width) implements Serializable {}

  private final LinkedHashMap<String, LayerFiring> layers = new LinkedHashMap<>();
  private final LinkedHashMap<Size, Integer> sizes = new LinkedHashMap<>();
  private final ArrayList<Double> seconds = new ArrayList<>();

  /** Of no images. */
  FiringTally() {}

  /** Of one image. */
  FiringTally(List<LayerFiring> fired, Size size, double took) {
    fired.forEach(layer -> layers.put(layer.name(), layer));
    sizes.put(size, 1);
    seconds.add(took);
  }

  @Override
  public void add(FiringTally next) {
    next.layers.forEach(
        (name, layer) ->
            layers.merge(
                name,
                layer,
                (all, more) -> {
                  all.add(more);
                  return all;
                }));
    next.sizes.forEach((size, count) -> sizes.merge(size, count, Integer::sum));
    seconds.addAll(next.seconds);
  }

  /** The layers in the order in which they fire. */
  public List<LayerFiring> layers() {
    return List.copyOf(layers.values());
  }

  /** The layer of that name, or null. */
  public LayerFiring layer(String name) {
    return layers.get(name);
  }

  /** Number of images of each size. */
  public Map<Size, Integer> sizes() {
    return sizes;
  }

  /** Median time of an image, counting included. */
  public double medianSeconds() {
    DescriptiveStatistics all = new DescriptiveStatistics();
    seconds.forEach(all::addValue);
    return all.getPercentile(50);
  }
}
