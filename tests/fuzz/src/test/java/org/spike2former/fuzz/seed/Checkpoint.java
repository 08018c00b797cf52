package org.spike2former.fuzz.seed;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.TrainingState;
import org.spike2former.train.run.Checkpoints;

/** A checkpoint of a training, as the training itself writes it. */
public final class Checkpoint {
  private Checkpoint() {}

  public static byte[] file() {
    Map<String, Tensor> tensors = Map.of("a", Tensor.of(new float[] {1, 2, 3}, 3));
    TrainingState state =
        new TrainingState(
            1,
            JsonNodeFactory.instance.objectNode().put("model", "camvid-small"),
            JsonNodeFactory.instance.objectNode(),
            0.5,
            1,
            tensors,
            tensors,
            tensors);
    try {
      Path folder = Files.createTempDirectory("checkpoint");
      Checkpoints checkpoints = new Checkpoints(folder, 2);
      checkpoints.save(state);
      byte[] content = Files.readAllBytes(checkpoints.file(1));
      Files.delete(checkpoints.file(1));
      Files.delete(folder);
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
