package org.spike2former.snn.energy;

/**
 * Energy of one operation on some hardware.
 *
 * @param name such as {@code 45 nm}
 * @param mac a multiply-add of real numbers, in pJ
 * @param ac an addition, what a spike of 1 costs, in pJ
 * @param source where the numbers come from
 */
public record EnergyCosts(String name, double mac, double ac, String source) {
  /** Checks the values. */
  public EnergyCosts {
    if (!(mac > 0 && Double.isFinite(mac)) || !(ac > 0 && Double.isFinite(ac))) {
      throw new IllegalArgumentException(
          "expected energies above 0 pJ, found mac " + mac + " and ac " + ac);
    }
  }
}
