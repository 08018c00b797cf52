package org.spike2former.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HeatMapTest {
  private static final BufferedImage BLACK =
      new BufferedImage(640, 320, BufferedImage.TYPE_3BYTE_BGR);

  @Test
  void zeroShowsThePhotoAndTheMostIsBright() {
    HeatMap map = new HeatMap(new float[] {0, 0, 0.5f, 0}, 2, 2, 1, 1);
    BufferedImage picture = map.over(BLACK, "layer");
    assertThat(picture.getWidth()).isEqualTo(640);
    assertThat(picture.getHeight()).isGreaterThan(320);
    assertThat(picture.getRGB(639, 0) & 0xffffff).isZero();
    assertThat(picture.getRGB(0, 319) & 0xffffff).isEqualTo(0xfffa82);
  }

  /** The right half of the grid is padding. */
  @Test
  void paddingLiesBesideThePhoto() {
    HeatMap map = new HeatMap(new float[] {0, 0, 1, 1}, 1, 4, 1, 0.5);
    BufferedImage picture = map.over(BLACK, "layer");
    assertThat(picture.getRGB(300, 100) & 0xffffff).isZero();
    assertThat(picture.getRGB(639, 100) & 0xffffff).isNotZero();
    assertThat(map.over(BLACK, "a title ".repeat(20)).getWidth()).isGreaterThan(640);
  }

  @Test
  void aMapOfNothingIsThePhoto() {
    BufferedImage picture = new HeatMap(new float[6], 2, 3, 1, 1).over(BLACK, "silent");
    assertThat(picture.getRGB(320, 160) & 0xffffff).isZero();
  }

  @Test
  void sizesMustFit() {
    assertThatThrownBy(() -> new HeatMap(new float[5], 2, 3, 1, 1))
        .hasMessageContaining("5 values do not fill a grid of 3x2");
  }
}
