package org.spike2former.verify;

import java.util.List;
import org.spike2former.tensor.Precision;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.Tolerances;
import org.spike2former.verify.training.Feeding;

/**
 * How a network is compared with its recordings.
 *
 * @param precisions F32, F64 or both
 * @param feeding what its blocks are fed
 * @param tolerances how far it may be from them
 * @param details whether rows get {@link ErrorDetails}, which cost time
 */
public record ParityOptions(
    List<Precision> precisions, Feeding feeding, Tolerances tolerances, boolean details) {
  /** Copies the list. */
  public ParityOptions {
    precisions = List.copyOf(precisions);
  }

  /** The usual comparisons in these precisions. */
  public static ParityOptions of(List<Precision> precisions) {
    return new ParityOptions(precisions, Feeding.USUAL, Tolerances.DEFAULT, false);
  }
}
