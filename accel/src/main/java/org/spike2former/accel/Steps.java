package org.spike2former.accel;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a plan while it is made, cut into stages where the network says that a part ends.
 */
final class Steps {
  private static final String LAST = "prediction";

  private final List<Step> done = new ArrayList<>();
  private final List<Step> open = new ArrayList<>();

  void add(Step step) {
    open.add(step);
  }

  /** A block has its output: if it ends a part of the network, the steps up to here are one. */
  void observe(String block) {
    if (endsStage(block)) {
      close(block);
    }
  }

  /** Stages of the backbone, the pixel decoder, each layer's queries, and the head. */
  private static boolean endsStage(String block) {
    return block.matches("backbone\\.x\\d")
        || block.equals("pixel_decoder.memory")
        || block.equals("pixel_decoder.mask_feature")
        || block.startsWith("transformer_decoder.query.")
        || block.equals("head.mask_preds");
  }

  private void close(String stage) {
    open.forEach(step -> done.add(step.in(stage)));
    open.clear();
  }

  List<Step> list() {
    close(LAST);
    return List.copyOf(done);
  }
}
