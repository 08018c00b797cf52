package org.spike2former.accel.tornado;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.RunReport;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;

/** Reads TornadoVM's profile of a task graph. */
final class Profile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Profile() {}

  /** Adds a graph's run to a report; a transfer has 16 bytes more than the array's numbers. */
  static void read(
      TornadoExecutionResult result, String graph, PlanSegment segment, RunReport report) {
    String log = result.getProfilerResult().getProfileLog();
    try {
      JsonNode measured = JSON.readTree(log).path(graph);
      report.moved(
          measured.path("TOTAL_COPY_IN_SIZE_BYTES").asLong(),
          measured.path("TOTAL_COPY_OUT_SIZE_BYTES").asLong());
      for (int i = 0; i < segment.steps().size(); i++) {
        long time = measured.path(graph + ".t" + i).path("TASK_KERNEL_TIME").asLong();
        report.launched(segment.steps().get(i), time);
      }
    } catch (JsonProcessingException e) {
      throw new OffloadException(
          "TornadoVM's profile cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
