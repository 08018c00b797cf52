package org.spike2former.train.optimiser;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.regex.Pattern;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.tensor.Parameter;

/** Settings of {@link AdamW}, the {@code optimizer} section. */
public record AdamWConfig(
    @JsonPropertyDescription("base learning rate") @Range(min = 0, aboveMin = true, max = 10)
        Double lr,
    @JsonPropertyDescription("decays of the means of gradients and of their squares")
        @Range(min = 0, max = 1, belowMax = true, size = 2)
        List<Double> betas,
    @JsonPropertyDescription("added to the denominator") @Range(min = 0, aboveMin = true, max = 1)
        Double eps,
    @JsonPropertyDescription("base decay, multiplied by the learning rate at each step")
        @Range(min = 0, max = 1)
        Double weightDecay,
    @JsonPropertyDescription("greatest 2-norm of all gradients; 0: they are left alone")
        @Range(min = 0)
        Double clip,
    @JsonPropertyDescription("whether norms, biases and layer scales do not decay")
        Boolean decayMatricesOnly,
    @JsonPropertyDescription(
            "factors by name; the first whose pattern is found in a parameter's name counts")
        List<Group> groups) {

  /** A group of parameters. */
  public record Group(
      @JsonPropertyDescription("a regular expression to be found in names")
          @JsonProperty(required = true)
          String pattern,
      @JsonPropertyDescription("factor of the base rate; 0 freezes") @Range(min = 0)
          Double lrFactor,
      @JsonPropertyDescription("factor of the base decay") @Range(min = 0) Double decayFactor) {
    /** Fills in the defaults and checks the values. */
    public Group {
      lrFactor = lrFactor == null ? 1 : lrFactor;
      decayFactor = decayFactor == null ? 1 : decayFactor;
      Ranges.check(Group.class, pattern, lrFactor, decayFactor);
      Ranges.checkPattern("pattern", pattern);
    }

    private boolean holds(String name) {
      return Pattern.compile(pattern).matcher(name).find();
    }
  }

  private static final Group BASE = new Group("", null, null);

  /** Fills in the defaults and checks the values. */
  public AdamWConfig {
    lr = lr == null ? 1e-3 : lr;
    betas = betas == null ? List.of(0.9, 0.999) : betas;
    eps = eps == null ? 1e-8 : eps;
    weightDecay = weightDecay == null ? 0.005 : weightDecay;
    clip = clip == null ? 0 : clip;
    decayMatricesOnly = decayMatricesOnly != null && decayMatricesOnly;
    groups = groups == null ? List.of() : groups;
    Ranges.check(AdamWConfig.class, lr, betas, eps, weightDecay, clip, decayMatricesOnly, groups);
    betas = List.copyOf(betas);
    groups = List.copyOf(groups);
  }

  /** All defaults. */
  public static AdamWConfig defaults() {
    return new AdamWConfig(null, null, null, null, null, null, null);
  }

  /** The release's groups ({@code model.md} section 9), and defaults for the rest. */
  public static AdamWConfig release(double lr, double weightDecay) {
    return new AdamWConfig(
        lr,
        null,
        null,
        weightDecay,
        null,
        null,
        List.of(
            new Group("backbone", 0.1, null),
            new Group("query_embed|query_feat|level_embed", null, 0.0)));
  }

  /** The group of a name; without one the base values hold. */
  public Group group(String name) {
    return groups.stream().filter(group -> group.holds(name)).findFirst().orElse(BASE);
  }

  /** What the base decay of a parameter is multiplied by. */
  public double decayFactor(Parameter parameter) {
    boolean decays = !decayMatricesOnly || parameter.shape().length > 1;
    return decays ? group(parameter.name()).decayFactor() : 0;
  }

  /** The clipping of gradients. */
  public GradientClip gradientClip() {
    return new GradientClip(clip == 0 ? Double.POSITIVE_INFINITY : clip);
  }
}
