package org.spike2former.verify.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.verify.compare.Difference;

class LayoutsTest {
  /** Names with their recorded axes; N folds T and B. In the network, C (of masks Q) comes last. */
  private static final List<String> CASES =
      List.of(
          "input BChw",
          "seg_logits BChw",
          "head.cls_scores SBqC",
          "head.mask_preds SBChw",
          "transformer_decoder.query.3 TBqC",
          "pixel_decoder.mask_feature TBChw",
          "pixel_decoder.memory TBChw",
          "pixel_decoder.multi_scale.2 TBChw",
          "backbone.x4 TBChw",
          "backbone.downsample1_1 TBChw",
          "backbone.ConvBlock1_1.0.Conv TBChw",
          "backbone.ConvBlock1_1.0.Conv.spike2 TBChw",
          "backbone.block3.0.attn TBChw",
          "backbone.block3.0.attn.q_conv.0 NChw",
          "backbone.block3.0.attn.proj_conv.0 NChw",
          "backbone.block3.0.attn.attn_spike TBCh",
          "backbone.block3.0.conv.spike3 TBChw",
          "backbone.block4.1.mlp.fc2_spike TBCh",
          "decode_head.pixel_decoder.encoder.layers.5 TBhwC",
          "decode_head.pixel_decoder.encoder.layers.0.Conv TBhwC",
          "decode_head.pixel_decoder.encoder.layers.0.Conv.spike1 TBChw",
          "decode_head.pixel_decoder.encoder.layers.0.dcn TBhwC",
          "decode_head.pixel_decoder.encoder.layers.0.dcn.input_proj TBhwC",
          "decode_head.pixel_decoder.encoder.layers.0.dcn.input_proj.spike1 TBChw",
          "decode_head.pixel_decoder.encoder.layers.0.dcn.mask_spike TBhwC",
          "decode_head.pixel_decoder.encoder.layers.0.dcn.offset_spike TBChw",
          "decode_head.pixel_decoder.encoder.layers.0.ffn TBhwC",
          "decode_head.pixel_decoder.encoder.layers.0.ffn.fc1_spike TBCh",
          "decode_head.pixel_decoder.lateral_convs_spike.0 TBChw",
          "decode_head.transformer_decoder.layers.0 TBqC",
          "decode_head.transformer_decoder.layers.0.cross_attn TBqC",
          "decode_head.transformer_decoder.layers.0.cross_attn.attn.k_spike TBqC",
          "decode_head.transformer_decoder.layers.0.ffn TBqC",
          "decode_head.transformer_decoder.layers.0.ffn.fc1_spike TBqC",
          "decode_head.transformer_decoder.layers.0.ffn.fc2_spike TBCq",
          "decode_head.shortcut_conv SqC",
          "decode_head.shortcut_conv_spike STBqC",
          "decode_head.decoder_out_spike STBqC",
          "decode_head.mask_embed STBqC",
          "decode_head.mask_embed.spike1 STBqC",
          "decode_head.mask_embed_spike STBqC");

  private static final String AXES = "STBNCqhw";

  @Property(tries = 300)
  void everyElementFindsItsPlaceAndBack(
      @ForAll @IntRange(min = 0, max = 40) int which,
      @ForAll @IntRange(min = 1, max = 3) int timeSteps,
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 4) int states,
      @ForAll @IntRange(min = 1, max = 5) int channels,
      @ForAll @IntRange(min = 1, max = 5) int h,
      @ForAll @IntRange(min = 1, max = 5) int w) {
    String name = CASES.get(which).split(" ")[0];
    String axes = CASES.get(which).split(" ")[1];
    int[] extents = {states, timeSteps, batch, timeSteps * batch, channels, h, h, w};
    int[] recordedShape = axes.chars().map(axis -> extents[AXES.indexOf(axis)]).toArray();
    Layouts layouts = new Layouts(timeSteps, batch);
    Tensor recorded = counting(recordedShape);

    Tensor model = layouts.toModel(name, recorded);

    int rows = 1;
    for (char axis : axes.toCharArray()) {
      rows *= "STBN".indexOf(axis) < 0 ? 1 : extents[AXES.indexOf(axis)];
    }
    int[] tail = axes.contains("w") ? new int[] {h, w, channels} : new int[] {h, channels};
    int[] modelShape = new int[tail.length + 1];
    modelShape[0] = rows;
    System.arraycopy(tail, 0, modelShape, 1, tail.length);
    assertThat(model.shape()).containsExactly(modelShape);
    for (int i = 0; i < recorded.size(); i++) {
      int[] at = Difference.coordinates(i, recordedShape);
      assertThat(model.get(modelIndex(axes, at, extents))).isEqualTo(i);
    }
    Tensor back = layouts.toRecorded(name, model);
    assertThat(back.bitEquals(recorded)).isTrue();
    assertThat(layouts.recordedShape(name, modelShape)).containsExactly(recordedShape);
  }

  /** Folds S, T, B (slowest first), then h, w or q, then C. */
  private static int modelIndex(String axes, int[] at, int[] extents) {
    int index = 0;
    for (char axis : "STBNqhwC".toCharArray()) {
      if (axes.indexOf(axis) >= 0) {
        index = index * extents[AXES.indexOf(axis)] + at[axes.indexOf(axis)];
      }
    }
    return index;
  }

  private static Tensor counting(int... shape) {
    double[] values = new double[Shape.size(shape)];
    Arrays.setAll(values, i -> i);
    return Tensor.of(values, shape);
  }

  @Test
  void mapsSpikesAndFloats() {
    Layouts layouts = new Layouts(2, 1);
    Tensor spikes = Tensor.spikes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0.25, 2, 1, 2, 2, 1);
    Tensor floats = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2, 1);

    Tensor model = layouts.toModel("backbone.x1", spikes);

    assertThat(model.bytes()).containsExactly(1, 3, 2, 4, 5, 7, 6, 8);
    assertThat(model.scale()).isEqualTo(0.25);
    assertThat(layouts.toModel("backbone.x1", floats).floats())
        .containsExactly(1, 3, 2, 4, 5, 7, 6, 8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backbone.x1|1,2,5,3,3|backbone.x1: expected 4 rows for T = 2, B = 2",
        "backbone.x1|4,1,5,3,3|backbone.x1: expected shape [2, 2, 5, 3, 3], found [4, 1, 5, 3, 3]",
        "backbone.x1|2,2|backbone.x1: expected more than 2 axes, found shape [2, 2]",
        "head.cls_scores|4,3,5,6|head.cls_scores: expected shape [6, 2, 5, 6], found [4, 3, 5, 6]",
        "decode_head.mask_embed|4,1,1,5,6|decode_head.mask_embed: expected shape [1, 2, 2, 5, 6]",
      })
  void namesTensorAndShapesThatDoNotFit(String name, String shape, String message) {
    int[] recorded = Arrays.stream(shape.split(",")).mapToInt(Integer::parseInt).toArray();
    assertThatThrownBy(() -> new Layouts(2, 2).toModel(name, counting(recorded)))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void refusesNamesWithoutARule() {
    assertThatThrownBy(() -> new Layouts(1, 1).toModel("encoder.x", counting(1, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no layout is known for a tensor named encoder.x");
  }
}
