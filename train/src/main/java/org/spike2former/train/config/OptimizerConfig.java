package org.spike2former.train.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.tensor.Parameter;
import org.spike2former.train.optimiser.AdamWConfig;
import org.spike2former.train.optimiser.GradientClip;

/**
 * The {@code optimizer} section: AdamW.
 *
 * @param lr base learning rate; default 1e-3
 * @param betas decays of the two moments; default 0.9 and 0.999
 * @param eps default 1e-8
 * @param weightDecay default 0.005
 * @param clip greatest 2-norm of all gradients; 0 (default): they are left alone
 * @param decayMatricesOnly whether parameters with a single axis (norms, biases, layer scales) do
 *     not decay; default false
 * @param groups factors by name; the first whose pattern is found in a parameter's name counts
 */
public record OptimizerConfig(
    Double lr,
    List<Double> betas,
    Double eps,
    Double weightDecay,
    Double clip,
    Boolean decayMatricesOnly,
    List<Group> groups) {

  /**
   * A group of parameters.
   *
   * @param pattern a regular expression to be found in names
   * @param lrFactor default 1
   * @param decayFactor default 1
   */
  public record Group(String pattern, Double lrFactor, Double decayFactor) {
    /** Fills in the defaults and checks the values. */
    public Group {
      if (pattern == null) {
        throw new IllegalArgumentException("optimizer.groups.pattern: missing");
      }
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "optimizer.groups.pattern: " + pattern + ": " + e.getDescription(), e);
      }
      lrFactor = lrFactor == null ? 1 : lrFactor;
      decayFactor = decayFactor == null ? 1 : decayFactor;
      check(lrFactor >= 0, "groups.lr_factor", "a number of at least 0", lrFactor);
      check(decayFactor >= 0, "groups.decay_factor", "a number of at least 0", decayFactor);
    }
  }

  /** Fills in the defaults and checks the values. */
  public OptimizerConfig {
    lr = lr == null ? 1e-3 : lr;
    betas = betas == null ? List.of(0.9, 0.999) : List.copyOf(betas);
    eps = eps == null ? 1e-8 : eps;
    weightDecay = weightDecay == null ? 0.005 : weightDecay;
    clip = clip == null ? 0 : clip;
    decayMatricesOnly = decayMatricesOnly != null && decayMatricesOnly;
    groups = groups == null ? List.of() : List.copyOf(groups);
    check(lr > 0 && lr <= 10, "lr", "a number above 0, at most 10", lr);
    check(
        betas.size() == 2 && betas.stream().allMatch(b -> b >= 0 && b < 1),
        "betas",
        "two numbers from 0 to below 1",
        betas);
    check(eps > 0 && eps <= 1, "eps", "a number above 0, at most 1", eps);
    check(weightDecay >= 0 && weightDecay <= 1, "weight_decay", "0 to 1", weightDecay);
    check(clip >= 0, "clip", "a number of at least 0", clip);
  }

  private static void check(boolean holds, String key, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "optimizer." + key + ": expected " + expected + ", found " + found);
    }
  }

  /** All defaults. */
  static OptimizerConfig defaults() {
    return new OptimizerConfig(null, null, null, null, null, null, null);
  }

  /** The optimiser's settings for a network: one rule for each of its parameters, by full name. */
  public AdamWConfig adamW(ParameterSet parameters) {
    List<AdamWConfig.Rule> rules = new ArrayList<>();
    for (Parameter parameter : parameters.all()) {
      if (parameter.trainable()) {
        rules.add(rule(parameter));
      }
    }
    // The first rule whose text is part of a name counts, and names can be part of longer ones.
    rules.sort(Comparator.comparingInt((AdamWConfig.Rule rule) -> -rule.text().length()));
    return new AdamWConfig(lr, betas.get(0), betas.get(1), eps, weightDecay, rules);
  }

  private AdamWConfig.Rule rule(Parameter parameter) {
    String name = parameter.name();
    double lrFactor = 1;
    double decayFactor = 1;
    for (Group group : groups) {
      if (Pattern.compile(group.pattern()).matcher(name).find()) {
        lrFactor = group.lrFactor();
        decayFactor = group.decayFactor();
        break;
      }
    }
    boolean decays = !decayMatricesOnly || parameter.shape().length > 1;
    return new AdamWConfig.Rule(name, lrFactor, decays ? decayFactor : 0);
  }

  /** The clipping of gradients. */
  public GradientClip gradientClip() {
    return new GradientClip(clip == 0 ? Double.POSITIVE_INFINITY : clip);
  }
}
