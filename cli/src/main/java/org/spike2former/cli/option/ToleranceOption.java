package org.spike2former.cli.option;

import java.io.IOException;
import org.spike2former.verify.compare.Tolerances;
import picocli.CommandLine.Option;

/** The option that says how far numbers may be apart. */
public final class ToleranceOption {
  @Option(
      names = "--tolerance",
      paramLabel = "strict|default|loose|FILE",
      description =
          "Greatest errors, relative to a tensor's largest magnitude. strict: f64 2e-14, f32 8e-6;"
              + " default: 1e-9, 1e-5; loose: 1e-6, 1e-3; or a JSON file with f64, f32, near_tie,"
              + " gradient_f64 and gradient_f32.")
  private String tolerance;

  public boolean isGiven() {
    return tolerance != null;
  }

  /** The profile; the default one if the option is not given. */
  public Tolerances read() throws IOException {
    return isGiven() ? Tolerances.of(tolerance) : Tolerances.DEFAULT;
  }
}
