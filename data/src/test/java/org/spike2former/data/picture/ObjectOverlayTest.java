package org.spike2former.data.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spike2former.data.ClassTable;
import org.spike2former.data.picture.ObjectOverlay.Item;

class ObjectOverlayTest {
  private static final ClassTable CLASSES =
      new ClassTable(List.of("car", "road"), new int[] {0x0000FF, 0xFF0000}, 255, 1);

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private static int[] regions() {
    int[] regions = new int[WIDTH * HEIGHT];
    for (int i = 0; i < regions.length; i++) {
      int x = i % WIDTH;
      regions[i] = x < 20 ? 0 : x < 40 ? 1 : x < 60 ? 2 : ObjectOverlay.NOTHING;
    }
    return regions;
  }

  private static BufferedImage grey() {
    BufferedImage photo = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      photo.setRGB(i % WIDTH, i / WIDTH, 0x808080);
    }
    return photo;
  }

  private static BufferedImage draw(Item... items) {
    return ObjectOverlay.draw(grey(), regions(), List.of(items), CLASSES, OverlayStyle.USUAL);
  }

  private static final Item FIRST = new Item(0, 1, "car 1");
  private static final Item SECOND = new Item(0, 2, "car 2");
  private static final Item ROAD = new Item(1, 0, "road");

  @Test
  void thingsOfAClassHaveShadesOfItsColourAndOutlines() {
    BufferedImage picture = draw(FIRST, SECOND, ROAD);
    int rgb = 0xFFFFFF;
    assertThat(picture.getRGB(30, 30) & rgb).as("first car").isEqualTo(0x4040C0);
    assertThat(picture.getRGB(250, 30) & rgb).as("second car").isEqualTo(0x6D6DC0);
    assertThat(picture.getRGB(450, 30) & rgb).as("road").isEqualTo(0xC04040);
    assertThat(picture.getRGB(630, 30) & rgb).as("nothing").isEqualTo(0x808080);
    assertThat(picture.getRGB(199, 30) & rgb).as("outline").isEqualTo(0x0000FF);
  }

  @Test
  void namesStandWhereThereIsMostRoom() {
    BufferedImage picture = draw(FIRST, SECOND, ROAD);
    BufferedImage other = draw(FIRST, new Item(0, 2, "van 2"), ROAD);
    int[] columns = new int[WIDTH];
    for (int y = 0; y < 480; y++) {
      for (int x = 0; x < 640; x++) {
        columns[x / 10] += picture.getRGB(x, y) == other.getRGB(x, y) ? 0 : 1;
      }
    }
    assertThat(Arrays.stream(columns, 0, 20)).containsOnly(0);
    assertThat(Arrays.stream(columns, 20, 40).sum()).isPositive();
    assertThat(Arrays.stream(columns, 40, 64)).containsOnly(0);
  }

  @Test
  void aThingWithoutPixelsIsNotNamedAndSizesMustFit() {
    BufferedImage picture = draw(FIRST, SECOND, ROAD, new Item(0, 3, "car 3"));
    assertThat(picture.getRGB(5, 5)).isEqualTo(draw(FIRST, SECOND, ROAD).getRGB(5, 5));
    assertThatThrownBy(
            () ->
                ObjectOverlay.draw(
                    grey(), new int[WIDTH], List.of(FIRST), CLASSES, OverlayStyle.USUAL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("photo of 64x48 pixels, regions of 64x1");
  }

  @Test
  void pointsLieDeepInside() {
    int[] regions = regions();
    InnerPoints points = new InnerPoints(regions, WIDTH, 4);
    for (int i = 0; i < 3; i++) {
      assertThat(points.radius(i)).isEqualTo(10);
      assertThat(points.x(i)).isBetween(20 * i + 9, 20 * i + 10);
      assertThat(points.y(i)).isBetween(9, HEIGHT - 10);
    }
    assertThat(points.radius(3)).isZero();
  }
}
