package org.spike2former.verify;

import com.fasterxml.jackson.annotation.JsonProperty;
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

  /** Whether something was compared and every section passed. */
  @JsonProperty
  public boolean pass() {
    return !sections.isEmpty() && sections.stream().allMatch(Section::pass);
  }
}
