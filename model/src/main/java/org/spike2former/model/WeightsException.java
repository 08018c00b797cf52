package org.spike2former.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint that does not fit the network; {@link #report} has the exact names. */
public final class WeightsException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 3;
  private static final String OTHER = "the checkpoint is of another model:";
  private static final String PARTIAL =
      "the checkpoint fits in part; missing names can be allowed (--allow-missing):";

  private final transient WeightsReport report;

  WeightsException(Path file, WeightsReport report) {
    super(file + ": " + message(report).replaceAll("\\p{Cntrl}+", " "));
    this.report = report;
  }

  /** What fits and what does not. */
  public WeightsReport report() {
    return report;
  }

  private static String message(WeightsReport report) {
    boolean partial = !report.loaded().isEmpty() && report.misShaped().isEmpty();
    StringBuilder out = new StringBuilder(partial ? PARTIAL : OTHER);
    append(out, "missing", report.missing());
    append(out, "unexpected", report.unexpected());
    append(out, "mis-shaped", report.misShaped());
    return out.toString();
  }

  private static void append(StringBuilder out, String what, List<String> names) {
    if (!names.isEmpty()) {
      out.append(out.charAt(out.length() - 1) == ':' ? " " : "; ");
      out.append(names.size()).append(' ').append(what).append(" (");
      out.append(String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))));
      out.append(names.size() > SHOWN ? ", …; -v lists all)" : ")");
    }
  }
}
