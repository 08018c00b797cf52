package org.spike2former.accel.tornado;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.RunReport;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.TornadoProfilerResult;

/** Reads TornadoVM's profile of a task graph. */
final class Profile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Profile() {}

  static void read(TornadoExecutionResult result, Part part, RunReport report) {
    TornadoProfilerResult profile = result.getProfilerResult();
    System.err.println(profile.getProfileLog());
    report.moved(profile.getTotalBytesCopyIn(), profile.getTotalBytesCopyOut());
    try {
      JsonNode log = JSON.readTree(profile.getProfileLog());
      JsonNode tasks = log.elements().next();
      for (int i = 0; i < part.steps().size(); i++) {
        JsonNode task = tasks.path("g.t" + i);
        report.launched(part.steps().get(i), task.path("TASK_KERNEL_TIME").asLong());
      }
    } catch (JsonProcessingException e) {
      throw new OffloadException("TornadoVM's profile cannot be read: " + e.getMessage(), e);
    }
  }
}
