package org.spike2former.data.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.picture.BarChart.Bar;
import org.spike2former.data.picture.BarChart.Group;
import org.spike2former.data.picture.BarChart.Series;

class BarChartTest {
  private static final List<Series> SERIES =
      List.of(new Series("a", 0x0000FF), new Series("b", 0xFF0000));

  private static long pixels(BufferedImage image, int rgb) {
    long count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == rgb ? 1 : 0;
      }
    }
    return count;
  }

  /** 620 pixels are 10 ms; a bar is 12 pixels high, and the legend has 100 of each colour. */
  @Test
  void partsAreAsLongAsTheirValues() {
    Bar bar = new Bar("layer " + "x".repeat(90), List.of(2.5, 7.5), "");
    BufferedImage image =
        new BarChart("Time", "ms", SERIES, List.of(new Group("part", List.of(bar)))).draw();
    assertThat(pixels(image, 0x0000FF)).isEqualTo(155 * 12 + 100);
    assertThat(pixels(image, 0xFF0000)).isEqualTo(465 * 12 + 100);
  }

  @Test
  void nothingToShowIsAPictureToo() {
    Bar silent = new Bar("layer", List.of(0.0, 0.0), "silent");
    BarChart chart = new BarChart("R", "%", SERIES, List.of(new Group("part", List.of(silent))));
    assertThat(pixels(chart.draw(), 0xC5221F)).isPositive();
    assertThat(new BarChart("none", "%", SERIES, List.of()).draw().getWidth()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "10, 2", "7.9, 1", "0.0123, 0.002", "81, 20", "76, 10", "1e-7, 2e-8"})
  void ticksAreFewAndRound(double most, double step) {
    assertThat(BarChart.step(most)).isEqualTo(step);
    assertThat(most / step).isLessThanOrEqualTo(8);
  }
}
