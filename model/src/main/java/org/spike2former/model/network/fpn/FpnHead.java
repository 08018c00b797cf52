package org.spike2former.model.network.fpn;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.model.network.ModelConfig.HeadConfig;
import org.spike2former.model.network.block.Scope;
import org.spike2former.model.network.block.Unit;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Tensor;

/**
 * The head ({@code model.md} section 12): brings every level to the size of the finest, adds them
 * up and scores the classes of each pixel.
 */
public final class FpnHead {
  private final String path;
  private final List<Level> levels = new ArrayList<>();
  private final Unit classifier;

  /**
   * Stages of a level.
   *
   * @param doubles whether the map is twice as large after each of them
   */
  private record Level(String path, List<Unit> stages, boolean doubles) {
    Tensor forward(Ops ops, Tensor level) {
      Tensor x = level;
      // The release lists stages and resizes alternately, so that stage k is module 2k.
      for (int k = 0; k < stages.size(); k++) {
        x = ops.observe(path + "." + 2 * k, stages.get(k).forward(ops, x));
        if (doubles) {
          Tensor twice = ops.resizeBilinear(x, 2 * x.dim(1), 2 * x.dim(2));
          x = ops.observe(path + "." + (2 * k + 1), twice);
        }
      }
      return ops.observe(path, x);
    }
  }

  /** A head without values for its parameters. */
  public FpnHead(HeadConfig config, Scope scope) {
    path = scope.path();
    for (int i = 0; i < config.strides().size(); i++) {
      levels.add(level(config, i, scope.at("scale_heads." + i)));
    }
    classifier =
        new Unit(
            scope.neuron("out_spike"),
            scope.conv("conv_seg", config.channels(), config.classes(), 1).bias().build());
  }

  private static Level level(HeadConfig config, int i, Scope scope) {
    int doublings = config.doublings(i);
    List<Unit> stages = new ArrayList<>();
    for (int k = 0; k < Math.max(1, doublings); k++) {
      Scope stage = scope.at(Integer.toString(2 * k));
      stages.add(
          new Unit(
              stage.neuron("0"),
              stage
                  .conv("1", config.channels(), config.channels(), 3)
                  .padding(1)
                  .norm("2")
                  .build()));
    }
    return new Level(scope.path(), stages, doublings > 0);
  }

  /**
   * Runs the head.
   *
   * @param pyramid levels [T·B, h, w, C], the finest first
   * @return [T·B, h, w, K] at the size of the finest level
   */
  public Tensor forward(Ops ops, List<Tensor> pyramid) {
    Tensor sum = levels.getFirst().forward(ops, pyramid.getFirst());
    for (int i = 1; i < levels.size(); i++) {
      Tensor level = levels.get(i).forward(ops, pyramid.get(i));
      sum = ops.add(sum, sameSize(ops, level, sum));
    }
    return ops.observe(path + ".conv_seg", classifier.forward(ops, sum));
  }

  /** Levels of odd sizes come out a little larger than the finest. */
  private static Tensor sameSize(Ops ops, Tensor level, Tensor as) {
    boolean same = level.dim(1) == as.dim(1) && level.dim(2) == as.dim(2);
    return same ? level : ops.resizeBilinear(level, as.dim(1), as.dim(2));
  }
}
