package org.spike2former.model.network.fpn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spike2former.model.network.block.Chain;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.tensor.NetworkPart;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * The neck ({@code model.md} section 12): all maps at one width, each with those coarser than it
 * added, then smoothed.
 */
public final class FeaturePyramid {
  private final String path;
  private final List<Chain> laterals = new ArrayList<>();
  private final List<Unit> outputs = new ArrayList<>();

  /**
   * A neck without values for its parameters.
   *
   * @param widths channels of the maps, the finest first
   * @param channels of the levels
   */
  public FeaturePyramid(List<Integer> widths, int channels, Scope scope) {
    path = scope.path();
    for (int i = 0; i < widths.size(); i++) {
      String lateral = "lateral_convs." + i;
      laterals.add(
          new Chain(
              new Unit(
                  scope.neuron("lateral_convs_spikes." + i),
                  scope
                      .conv(lateral + ".0", widths.get(i), channels, 1)
                      .bias()
                      .norm(lateral + ".1")
                      .build())));
    }
    for (int i = 0; i < widths.size(); i++) {
      String output = "fpn_convs." + i;
      outputs.add(
          new Unit(
              scope.neuron("fpn_convs_spikes." + i),
              scope
                  .conv(output + ".0", channels, channels, 3)
                  .bias()
                  .padding(1)
                  .norm(output + ".1")
                  .build()));
    }
  }

  /**
   * Runs the neck.
   *
   * @param features [T·B, h, w, c], the finest first
   * @return the levels, [T·B, h, w, C], of the features' sizes
   */
  public List<Tensor> forward(Ops ops, List<Tensor> features) {
    int last = features.size() - 1;
    Tensor[] levels = new Tensor[features.size()];
    levels[last] = ops.observe(lateral(last), laterals.get(last).forward(ops, features.get(last)));
    for (int i = last - 1; i >= 0; i--) {
      Tensor finer = features.get(i);
      Tensor coarser = ops.resizeNearest(levels[i + 1], finer.dim(1), finer.dim(2));
      levels[i] = laterals.get(i).addTo(ops, coarser, finer, lateral(i));
    }
    for (int i = 0; i <= last; i++) {
      Tensor smoothed = outputs.get(i).forward(ops, levels[i]);
      smoothed = ops.observe(path + ".fpn_convs." + i, smoothed);
      levels[i] = ops.observe(path + ".out." + i, smoothed);
    }
    ops.endStage(NetworkPart.NECK, path + ".out." + last);
    return Arrays.asList(levels);
  }

  private String lateral(int i) {
    return path + ".lateral_convs." + i;
  }
}
