package org.spike2former.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ParityRun} found.
 *
 * @param folder the folder of recordings
 * @param sections one for each way of comparing
 */
public record ParityReport(String folder, List<Section> sections) {
  /** Copies the list. */
  public ParityReport {
    sections = List.copyOf(sections);
  }

  /** With further sections at the end. */
  public ParityReport with(List<Section> more) {
    List<Section> all = new ArrayList<>(sections);
    all.addAll(more);
    return new ParityReport(folder, all);
  }

  /** Whether something was compared and every section passed. */
  @JsonProperty
  public boolean pass() {
    return !sections.isEmpty() && sections.stream().allMatch(Section::pass);
  }
}
