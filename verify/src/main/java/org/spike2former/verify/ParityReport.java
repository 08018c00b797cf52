package org.spike2former.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.spike2former.verify.compare.FirstDifference;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.Tolerances;

/**
 * What a {@link ParityRun} found.
 *
 * @param folder the folder of recordings
 * @param tolerances how far a network may be from them
 * @param digests SHA-256 of the files that make the network, by name; may be empty
 * @param sections one for each way of comparing
 */
public record ParityReport(
    String folder, Tolerances tolerances, Map<String, String> digests, List<Section> sections) {
  /** Copies the collections. */
  public ParityReport {
    digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    sections = List.copyOf(sections);
  }

  /** With the default tolerances and without digests. */
  public ParityReport(String folder, List<Section> sections) {
    this(folder, Tolerances.DEFAULT, Map.of(), sections);
  }

  /** With further sections at the end. */
  public ParityReport with(List<Section> more) {
    List<Section> all = new ArrayList<>(sections);
    all.addAll(more);
    return new ParityReport(folder, tolerances, digests, all);
  }

  /**
   * The first difference of the section that sees the smallest ones: of comparisons with recordings
   * that in float64, block by block where there is one. Weights and files count only where nothing
   * that is computed differs. Null if no section has any.
   */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public FirstDifference firstDifference() {
    return sections.stream()
        .map(Section::firstDifference)
        .filter(Objects::nonNull)
        .min(
            Comparator.comparing((FirstDifference d) -> !d.row().kind().isComputed())
                .thenComparingDouble(d -> d.noise() == 0 ? Double.MAX_VALUE : d.noise()))
        .orElse(null);
  }

  /** Whether something was compared and every section passed. */
  @JsonProperty
  public boolean pass() {
    return !sections.isEmpty() && sections.stream().allMatch(Section::pass);
  }
}
