package org.spike2former.data.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spike2former.data.ClassTable;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.picture.BitmapFont;
import org.spike2former.data.picture.ContactSheet;

class ConfusionReportTest {
  private static ConfusionMatrix matrix(int classes) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    matrix.add(
        new LabelMap(1, 4, new byte[] {0, 1, 1, 1}),
        new LabelMap(1, 4, new byte[] {0, 0, 1, 1}),
        255);
    return matrix;
  }

  @Test
  void countsAsCsv() {
    assertThat(ConfusionReport.csv(matrix(3), List.of("sky", "a, b", "say \"c\"")))
        .isEqualTo(
            """
            truth \\ prediction,sky,"a, b","say ""c\"""
            sky,1,1,0
            "a, b",0,2,0
            "say ""c""\",0,0,0
            """);
  }

  @Test
  void metricsAsCsv() {
    assertThat(ConfusionReport.csv(matrix(3).metrics(), List.of("a", "b", "c")))
        .isEqualTo(
            """
            class,IoU,Acc,Dice,Fscore,Precision,Recall
            a,50.0000,50.0000,66.6667,66.6667,100.0000,50.0000
            b,66.6667,100.0000,80.0000,80.0000,66.6667,100.0000
            c,,,,,,
            """);
  }

  @Test
  void darkCellsAreLargeShares() {
    List<String> names = List.of("a", "b", "c");
    BufferedImage image = ConfusionReport.draw(matrix(3), names);
    int cell = 5 * BitmapFont.ADVANCE;
    int left = 2 * 10 + BitmapFont.width("0 a");
    assertThat(image.getWidth()).as("of the caption").isEqualTo(2 * 10 + 48 * 6 - 1);
    int top = image.getHeight() - 10 - 3 * cell;
    assertThat(image.getRGB(left + cell + 1, top + cell + 1) & 0xffffff).isEqualTo(0x08306B);
    assertThat(image.getRGB(left + 1, top + cell + 1) & 0xffffff).isEqualTo(0xF4F4F4);
    assertThat(image.getRGB(left + 1, top + 2 * cell + 1) & 0xffffff).isEqualTo(0xF4F4F4);
  }

  @Test
  void manyClassesGetSmallCells() {
    List<String> names = IntStream.range(0, 150).mapToObj(k -> "class number " + k).toList();
    BufferedImage image = ConfusionReport.draw(matrix(150), names);
    assertThat(image.getHeight()).isBetween(1500, 2000);
  }

  @Test
  void aSheetShowsImageAndLabels() {
    Sample sample = new Sample("é/one", 1, 2, new byte[] {9, 8, 7, 6, 5, 4}, new byte[] {1, -1});
    ClassTable classes = ClassTable.of(List.of("a", "b"));
    BufferedImage sheet = ContactSheet.draw(List.of(sample, sample, sample), classes, 2);
    assertThat(sheet.getRGB(8, 8) & 0xffffff).isEqualTo(0x090807);
    assertThat(sheet.getRGB(8 + 2 + 4, 8) & 0xffffff).isEqualTo(0x008000);
    assertThat(sheet.getRGB(8 + 2 + 4 + 1, 8) & 0xffffff).isZero();
    assertThat(sheet.getWidth()).as("of the legend").isGreaterThan(2 * (4 + 16) + 8);
    assertThat(sheet.getRGB(12 + 10, sheet.getHeight() - 12 - 14) & 0xffffff)
        .as("swatch of the class that occurs")
        .isEqualTo(0x008000);
  }

  @Test
  void largeImagesAreShownSmaller() {
    byte[] noClass = new byte[1 << 19];
    Arrays.fill(noClass, (byte) 255);
    Sample sample = new Sample("s", 512, 1024, new byte[3 << 19], noClass);
    ClassTable classes = ClassTable.of(List.of("a"));
    assertThat(ContactSheet.draw(List.of(sample), classes, 4).getWidth())
        .isEqualTo(2 * 256 + 16 + 8);
  }
}
