package org.spike2former.verify.report;

import java.util.List;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;

/**
 * What {@code section.mustache} shows of a section: a chart, a table with a row for each tensor,
 * maps of spikes. What is null is not shown.
 *
 * @param open whether the section holds the first difference or failed
 * @param moreFlips how many are not listed; null if all are
 */
record SectionHtml(
    String id,
    String folder,
    String name,
    String title,
    boolean pass,
    boolean open,
    Pictures.Chart chart,
    List<?> percents,
    List<TensorRow> rows,
    List<SpikeMap> maps,
    List<FlipRow> flips,
    Integer moreFlips) {
  private static final int MOST_FLIPS = 20;

  /** A tensor. */
  record TensorRow(
      boolean found,
      boolean pass,
      String kind,
      String name,
      long elements,
      String maxAbs,
      String maxRel,
      Spread spread,
      String flipped,
      String nearTies,
      String summary,
      Worst worst) {}

  /** How errors are distributed. */
  record Spread(List<String> percentiles, Pictures.Histogram histogram) {}

  /** The elements with the greatest errors; {@code sampled} is null where all were looked at. */
  record Worst(List<Element> elements, Integer sampled) {}

  /** One of them. */
  record Element(String at, double recorded, double computed, String difference) {}

  /** Where in a tensor spikes differ. */
  record SpikeMap(
      Pictures.Image picture, String name, long flipped, long elements, String axes, int most) {}

  /** A spike that differs. */
  record FlipRow(
      String neuron, String at, int recorded, int computed, String potential, boolean nearTie) {}

  boolean hasMaps() {
    return !maps.isEmpty();
  }

  boolean hasFlips() {
    return !flips.isEmpty();
  }

  static SectionHtml of(
      String id, String folder, String name, Section section, FirstDifference first) {
    boolean here = first != null && first.section().equals(section.title());
    FirstDifference own = section.firstDifference();
    TensorComparison found = own == null ? null : own.row();
    boolean charted = section.rows().stream().anyMatch(row -> row.maxRelError() > 0);
    List<Flip> flips = section.flips();
    return new SectionHtml(
        id,
        folder,
        name,
        section.title(),
        section.pass(),
        here || !section.pass(),
        charted ? Pictures.chart(section, found) : null,
        ErrorDetails.PERCENTS,
        section.rows().stream().map(row -> row(row, row == found, section.tolerance())).toList(),
        section.rows().stream()
            .filter(row -> row.details() != null && row.details().map() != null)
            .map(SectionHtml::map)
            .toList(),
        flips.stream().limit(MOST_FLIPS).map(SectionHtml::flip).toList(),
        flips.size() > MOST_FLIPS ? flips.size() - MOST_FLIPS : null);
  }

  private static TensorRow row(TensorComparison row, boolean found, double tolerance) {
    return new TensorRow(
        found,
        row.pass(),
        row.kind().label(),
        row.name(),
        row.elements(),
        ReportText.number(row.maxAbsError()),
        row.kind() == ComparisonKind.SPIKES ? "" : ReportText.number(row.maxRelError()),
        spread(row.details(), tolerance),
        row.flipped() == 0 ? "" : String.valueOf(row.flipped()),
        row.nearTies() == 0 ? "" : String.valueOf(row.nearTies()),
        (ReportText.coordinates(row.worst()) + " " + row.note()).strip(),
        worst(row));
  }

  private static Spread spread(ErrorDetails details, double tolerance) {
    if (details == null || details.percentiles().isEmpty()) {
      return null;
    }
    return new Spread(
        details.percentiles().stream().map(ReportText::number).toList(),
        Pictures.histogram(details, tolerance));
  }

  private static Worst worst(TensorComparison row) {
    ErrorDetails details = row.details();
    if (details == null || details.worst().isEmpty()) {
      return null;
    }
    boolean partly = details.sampled() > 0 && details.sampled() < row.elements();
    return new Worst(
        details.worst().stream().map(SectionHtml::element).toList(),
        partly ? details.sampled() : null);
  }

  private static Element element(ErrorDetails.Element element) {
    return new Element(
        ReportText.coordinates(element.at()),
        element.recorded(),
        element.computed(),
        ReportText.number(element.computed() - element.recorded()));
  }

  private static SpikeMap map(TensorComparison row) {
    return new SpikeMap(
        Pictures.map(row.details().map()),
        row.name(),
        row.flipped(),
        row.elements(),
        row.details().map().axes(),
        row.details().map().most());
  }

  private static FlipRow flip(Flip flip) {
    return new FlipRow(
        flip.neuron(),
        ReportText.coordinates(flip.at()),
        flip.recorded(),
        flip.computed(),
        flip.potential() == null ? "unknown" : flip.potential().toString(),
        flip.isNearTie());
  }
}
