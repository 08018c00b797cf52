package org.spike2former.model.weights;

import java.io.IOException;
import java.util.List;

/** A checkpoint that does not fit the network; {@link #report} has the exact names. */
public final class WeightsException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final String OTHER = "the checkpoint is of another model:";
  private static final String CLASSES =
      "the checkpoint tells another number of classes apart, its rows less one; head.classes has to"
          + " be that, but for init.weights of a training:";
  private static final String PARTIAL =
      "the checkpoint fits in part; missing names can be allowed (--allow-missing):";

  private final transient WeightsReport report;

  WeightsException(WeightsReport report) {
    super(WeightsReport.clean(report.file() + ": " + message(report)));
    this.report = report;
  }

  /** What fits and what does not. */
  public WeightsReport report() {
    return report;
  }

  private static String message(WeightsReport report) {
    StringBuilder out = new StringBuilder(opening(report));
    append(out, "missing", report.missing());
    append(out, "unexpected", report.unexpected());
    append(out, "mis-shaped", report.misShaped());
    append(out, "of another number of classes", report.otherClasses());
    report.remarks().forEach(remark -> out.append("; ").append(remark));
    return out.toString();
  }

  private static String opening(WeightsReport report) {
    if (report.loaded().isEmpty() || !report.misShaped().isEmpty()) {
      return OTHER;
    }
    return report.otherClasses().isEmpty() ? PARTIAL : CLASSES;
  }

  private static void append(StringBuilder out, String what, List<String> names) {
    if (!names.isEmpty()) {
      out.append(out.charAt(out.length() - 1) == ':' ? " " : "; ");
      out.append(WeightsReport.count(names, what));
    }
  }
}
