package org.spike2former.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.Tally;

/** What {@code s2f segment} found in images, and which of them failed. */
public final class SegmentTally implements Tally<SegmentTally> {
  private static final long serialVersionUID = 1;
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What became of an image. Texts, so that machines can send them.
   *
   * @param image its number
   * @param facts what a report says, as JSON; null if it failed
   * @param lines what is printed between the first line and the names of the files
   * @param error one line; null if it did not fail
   * @param trace where it failed, if that is wanted
   */
  public record Found(int image, String facts, String lines, String error, String trace)
      implements Serializable {
    /** What a report says. */
    public ObjectNode json() {
      try {
        return (ObjectNode) JSON.readTree(facts);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final ArrayList<Found> found = new ArrayList<>();

  /** Of no images. */
  SegmentTally() {}

  /** Of one image. */
  SegmentTally(Found of) {
    found.add(of);
  }

  /** One for each image. */
  public List<Found> found() {
    return List.copyOf(found);
  }

  @Override
  public void add(SegmentTally next) {
    found.addAll(next.found);
  }
}
