package org.spike2former.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spike2former.model.network.Initialiser.Scheme;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

class InitialiserTest {
  private ParameterSet parameters;

  @BeforeEach
  void fill() {
    parameters = TinyModel.network().parameters();
    Initialiser.fill(parameters, Scheme.RELEASE, 5, 0.1);
  }

  private double greatest(String name) {
    Tensor x = parameters.get(name).value();
    return IntStream.range(0, x.size()).mapToDouble(i -> Math.abs(x.get(i))).max().orElseThrow();
  }

  private void assertUniform(String name, double bound) {
    assertThat(greatest(name)).as(name).isLessThanOrEqualTo(bound).isGreaterThan(0.7 * bound);
  }

  @Test
  void layersAreDrawnAsTheReleaseDrawsThem() {
    assertUniform("backbone.downsample1_1.encode_conv.weight", 1 / Math.sqrt(3 * 49));
    assertUniform("backbone.ConvBlock1_2.0.Conv.dwconv.weight", 1 / Math.sqrt(49));
    assertUniform("decode_head.pixel_decoder.encoder_in_proj.0.weight", Math.sqrt(3.0 / 16));
    assertUniform("decode_head.pixel_decoder.output_convs.1.0.weight", Math.sqrt(3.0 / 9));
    assertUniform("decode_head.pixel_decoder.output_convs.2.0.weight", Math.sqrt(1.0 / 9));
    assertUniform("decode_head.transformer_decoder.layers.0.ffn.fc1.weight", Math.sqrt(6.0 / 16));
    assertUniform(
        "decode_head.transformer_decoder.layers.0.cross_attn.attn.q_conv.0.bias", 1 / Math.sqrt(8));
  }

  @Test
  void constantsAreThose() {
    String dcn = "decode_head.pixel_decoder.encoder.layers.0.dcn.";
    assertThat(greatest(dcn + "offset.0.weight")).isZero();
    assertThat(greatest(dcn + "mask.0.bias")).isZero();
    assertThat(greatest("decode_head.pixel_decoder.mask_feature.bias")).isZero();
    assertThat(greatest("decode_head.cls_embed.bias")).isZero();
    assertThat(greatest("decode_head.cls_embed.weight")).isBetween(0.02, 0.1);
    assertThat(greatest("decode_head.pixel_decoder.encoder.layers.0.gamma2"))
        .isCloseTo(0.1, within(1e-8));
    assertThat(greatest("decode_head.w")).isEqualTo(1);
    assertThat(greatest("backbone.downsample1_1.encode_bn.bias")).isZero();
    assertThat(greatest("backbone.downsample1_1.encode_bn.running_var")).isEqualTo(1);
  }

  @Test
  void theSeedDecides() {
    ParameterSet again = TinyModel.network().parameters();
    Initialiser.fill(again, Scheme.RELEASE, 5, 0.1);
    ParameterSet other = TinyModel.network().parameters();
    Initialiser.fill(other, Scheme.RELEASE, 6, 0.1);
    for (Parameter parameter : parameters.all()) {
      assertThat(again.get(parameter.name()).value().bitEquals(parameter.value())).isTrue();
    }
    String name = "backbone.downsample1_1.encode_conv.weight";
    assertThat(other.get(name).value().bitEquals(parameters.get(name).value())).isFalse();
  }

  @Test
  void valuesThatAreThereStay() {
    ParameterSet set = TinyModel.network().parameters();
    Tensor mine = Tensor.of(new float[] {3}, 1);
    set.get("decode_head.w").set(mine);
    Initialiser.fill(set, Scheme.RELEASE, 5, 0.1);
    assertThat(set.get("decode_head.w").value()).isSameAs(mine);
  }
}
