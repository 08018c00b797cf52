package org.spike2former.verify.panoptic;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.spike2former.data.config.ConfigTree;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.model.panoptic.MaskFrame;
import org.spike2former.model.panoptic.PanopticOptions;

/**
 * The {@code config.json} of a case of post-processing; sizes are height and width.
 *
 * @param queries Q
 * @param classes K, without "no object"
 * @param things how many of them, the first ones, are things
 * @param maskSize of the masks
 * @param batchInputShape of the network's input
 * @param imgShape of the image without padding
 * @param oriShape of the result
 * @param objectMaskThr see {@link PanopticOptions}
 * @param iouThr see {@link PanopticOptions}
 * @param filterLowScore see {@link PanopticOptions}
 * @param maxPerImage see {@link PanopticOptions}
 */
record PredictionCase(
    @JsonProperty(required = true) @Range(min = 1) Integer queries,
    @JsonProperty(required = true) @Range(min = 1, max = 999) Integer classes,
    @JsonProperty(required = true) @Range(min = 0, max = 999) Integer things,
    @JsonProperty(required = true) @Range(min = 1, size = 2) List<Integer> maskSize,
    @JsonProperty(required = true) @Range(min = 1, size = 2) List<Integer> batchInputShape,
    @JsonProperty(required = true) @Range(min = 1, size = 2) List<Integer> imgShape,
    @JsonProperty(required = true) @Range(min = 1, size = 2) List<Integer> oriShape,
    Double objectMaskThr,
    Double iouThr,
    Boolean filterLowScore,
    Integer maxPerImage) {
  PredictionCase {
    Ranges.check(
        PredictionCase.class,
        queries,
        classes,
        things,
        maskSize,
        batchInputShape,
        imgShape,
        oriShape,
        objectMaskThr,
        iouThr,
        filterLowScore,
        maxPerImage);
    if (things > classes) {
      throw new IllegalArgumentException(things + " things among " + classes + " classes");
    }
    new PanopticOptions(objectMaskThr, iouThr, filterLowScore, maxPerImage);
    frame(batchInputShape, imgShape, oriShape);
  }

  /** Whether a file is that of a case: it has a key that no other kind of recording has. */
  static boolean isIn(Path file) throws IOException {
    return Files.exists(file)
        && Stream.of("batch_input_shape", "img_shape", "ori_shape", "mask_size", "things")
            .anyMatch(ConfigTree.readJson(file)::has);
  }

  /** Reads the file; keys of other programs are passed over. */
  static PredictionCase read(Path file) throws IOException {
    ConfigTree tree = ConfigTree.readJson(file);
    tree.root()
        .retain(
            Arrays.stream(PredictionCase.class.getRecordComponents()).map(Ranges::key).toList());
    return tree.bind(PredictionCase.class);
  }

  /** The sizes that masks go through. */
  MaskFrame frame() {
    return frame(batchInputShape, imgShape, oriShape);
  }

  private static MaskFrame frame(
      List<Integer> input, List<Integer> content, List<Integer> original) {
    return new MaskFrame(
        input.get(0),
        input.get(1),
        content.get(0),
        content.get(1),
        original.get(0),
        original.get(1));
  }

  /** The limits. */
  PanopticOptions options() {
    return new PanopticOptions(objectMaskThr, iouThr, filterLowScore, maxPerImage);
  }
}
