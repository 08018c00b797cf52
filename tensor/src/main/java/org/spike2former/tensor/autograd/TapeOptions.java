package org.spike2former.tensor.autograd;

import java.util.function.Predicate;
import org.spike2former.tensor.Parameter;

/**
 * How to train.
 *
 * @param frozenNorms paths of BatchNorms that normalise by their running statistics and do not
 *     update them; their weights still get gradients
 * @param wanted parameters whose gradients are computed
 * @param keptBytes memory for the outputs of weight layers in front of their BatchNorms; what does
 *     not fit is computed a second time, with the same bits, when backward needs it. Spikes are
 *     kept anyway, and potentials never are
 */
public record TapeOptions(
    Predicate<String> frozenNorms, Predicate<Parameter> wanted, long keptBytes) {
  /** Nothing frozen, gradients of everything trainable, and no limit. */
  public static final TapeOptions DEFAULT =
      new TapeOptions(_ -> false, Parameter::trainable, Long.MAX_VALUE);

  /** With other frozen norms. */
  public TapeOptions withFrozenNorms(Predicate<String> norms) {
    return new TapeOptions(norms, wanted, keptBytes);
  }

  /** With gradients of other parameters. */
  public TapeOptions withWanted(Predicate<Parameter> parameters) {
    return new TapeOptions(frozenNorms, parameters, keptBytes);
  }

  /** With another limit. */
  public TapeOptions withKeptBytes(long bytes) {
    return new TapeOptions(frozenNorms, wanted, bytes);
  }
}
