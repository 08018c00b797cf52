package org.spike2former.data.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.metric.MaskPrecision.Detection;
import org.spike2former.data.metric.MaskPrecision.Truth;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.panoptic.Segment;

class CocoFilesTest {
  private static final String CATEGORIES =
      "[{'id': 10, 'name': 'sky', 'isthing': 0}, {'id': 3, 'name': 'car', 'isthing': 1}]";
  private static final String IMAGES = "[{'id': 5, 'height': 1, 'width': 4}]";

  @TempDir private Path folder;
  private Path json;

  @BeforeEach
  void write() throws IOException {
    json = folder.resolve("panoptic.json");
    Files.createDirectory(folder.resolve("png"));
    PanopticPng.write(
        new PanopticPng.Ids(1, 4, new int[] {0, 300, 300, 9}), folder.resolve("png/a.png"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text.replace('\'', '"'));
  }

  private CocoPanoptic panoptic(String segments) throws IOException {
    write(
        json,
        "{'images': "
            + IMAGES
            + ", 'annotations': [{'image_id': 5, 'file_name': 'a.png', 'segments_info': ["
            + segments
            + "]}], 'categories': "
            + CATEGORIES
            + "}");
    return CocoPanoptic.read(json, folder.resolve("png"));
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IOException.class).hasMessage(message);
  }

  @Test
  void readsSegments() throws IOException {
    CocoPanoptic panoptic =
        panoptic(
            "{'id': 300, 'category_id': 3, 'iscrowd': 1, 'area': 2}, {'id': 9, 'category_id': 10}");
    panoptic.requireWhole();
    assertThat(panoptic.annotated()).containsExactly(CocoId.of(5));
    PanopticMap map = panoptic.map(CocoId.of(5));
    assertThat(map.voidId()).isZero();
    assertThat(map.segments())
        .containsExactly(
            new Segment(300, 1, true, true, 1, 2, new Box(1, 0, 3, 1)),
            new Segment(9, 0, false, false, 1, 1, new Box(3, 0, 4, 1)));
  }

  @Test
  void classesAreInTheOrderOfTheFileOrThingsFirst() throws IOException {
    CocoCategories own = panoptic("{'id': 300, 'category_id': 3}").categories();
    assertThat(own.isThing()).containsExactly(false, true);
    CocoCategories sorted = CocoCategories.thingsFirst(own.list());
    assertThat(sorted.isThing()).containsExactly(true, false);
    assertThat(sorted.classOf(10)).isEqualTo(1);
    assertThat(sorted.classOf(11)).isEqualTo(-1);
    assertThat(sorted.things()).isEqualTo(1);
    assertThat(sorted.get(0).name()).isEqualTo("car");
  }

  @Test
  void imagesHaveTheLimitOfThoseThatAreRead() throws IOException {
    write(
        json,
        "{'images': [{'id': 5, 'height': 30000, 'width': 30000}], 'annotations': [], 'categories': "
            + CATEGORIES
            + "}");
    assertThatThrownBy(() -> CocoInstances.read(json))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(json + ":")
        .hasMessageContaining(
            "image 5: a size of 30000x30000 pixels, more than the limit of 100000000"
                + " (-Ds2f.max-pixels)");
  }

  @Test
  void namesOfImagesAreTextsOrNumbers() throws IOException {
    write(
        json,
        "{'annotations': [{'image_id': 'aachen_1', 'file_name': 'a.png', 'segments_info': []},"
            + "{'image_id': 7, 'file_name': 'b.png', 'segments_info': []}], 'categories': []}");
    assertThat(CocoPanoptic.read(json, folder).annotated().stream().sorted().map(CocoId::toString))
        .containsExactly("7", "aachen_1");
  }

  @Test
  void saysWhatDoesNotFit() throws IOException {
    Path png = folder.resolve("png/a.png");
    CocoId image = CocoId.of(5);
    String both = "{'id': 300, 'category_id': 3}, {'id': 9, 'category_id': 10}";
    CocoPanoptic lacking = panoptic("{'id': 300, 'category_id': 3}");
    refused(
        () -> lacking.map(image),
        png + ": id 9 (1 pixels) is not among the segments of image 5 in " + json);
    CocoPanoptic more = panoptic(both + ", {'id': 8, 'category_id': 3}");
    refused(() -> more.map(image), json + ": image 5: segment 8 has no pixel in " + png);
    CocoPanoptic unknown = panoptic("{'id': 300, 'category_id': 4}, {'id': 9, 'category_id': 10}");
    refused(() -> unknown.map(image), json + ": image 5: segment 300: there is no category 4");
    CocoPanoptic twice = panoptic(both + ", {'id': 9, 'category_id': 3}");
    refused(() -> twice.map(image), json + ": image 5: two segments have the id 9");
    CocoPanoptic nothing = panoptic(both + ", {'id': 0, 'category_id': 3}");
    refused(() -> nothing.map(image), json + ": image 5: segment 0 has the id of void");
    CocoPanoptic zero = panoptic(both.replace("}, ", ", 'area': 0}, "));
    refused(() -> zero.map(image), json + ": image 5: segment 300: area 0");
    refused(() -> zero.map(CocoId.of(6)), json + ": annotations: none of image 6");
    PanopticPng.write(new PanopticPng.Ids(2, 2, new int[] {0, 300, 300, 9}), png);
    refused(
        () -> panoptic(both).map(image),
        png + ": expected 4x1 pixels as in " + json + ", found 2x2");
  }

  @Test
  void tooManySegmentsAreRefused() throws IOException {
    String many = "{'id': 300, 'category_id': 3},".repeat(10_001);
    CocoPanoptic panoptic = panoptic(many.substring(0, many.length() - 1));
    refused(
        () -> panoptic.map(CocoId.of(5)),
        json + ": image 5: 10001 segments, expected at most 10000");
  }

  @Test
  void filesAndAnnotationsBelongTogether() throws IOException {
    CocoPanoptic panoptic = panoptic("");
    Path other = folder.resolve("png/b.png");
    Files.copy(folder.resolve("png/a.png"), other);
    refused(panoptic::requireWhole, other + ": not listed in " + json);
    Path png = folder.resolve("png/a.png");
    Files.delete(png);
    refused(panoptic::requireWhole, png + ": no such file; " + json + " has it of image 5");
    refused(() -> panoptic.map(CocoId.of(5)), png + ": no such file");
    refused(
        () -> CocoPanoptic.read(json, folder.resolve("none")).requireWhole(),
        folder.resolve("none") + ": no such folder; " + json + " needs its PNG files");
  }

  @Test
  void saysWhereAFileIsWrong() throws IOException {
    refused(
        () -> CocoPanoptic.read(folder.resolve("none.json"), folder),
        folder.resolve("none.json") + ": no such file");
    write(json, "{'annotations': [");
    assertThatThrownBy(() -> CocoPanoptic.read(json, folder))
        .hasMessageStartingWith(json + ": ")
        .hasMessageNotContaining("\n");
    write(
        json,
        "{'annotations': [{'image_id': 1, 'file_name': 'a', 'segments_info': [{'id': '1'}]}]}");
    assertThatThrownBy(() -> CocoPanoptic.read(json, folder))
        .hasMessageStartingWith(json + ": annotations[0].segments_info[0].id: ");
    write(json, "{'annotations': [null]}");
    assertThatThrownBy(() -> CocoPanoptic.read(json, folder))
        .hasMessageStartingWith(json + ": annotations")
        .hasMessageNotContaining("\n");
    write(json, "{'annotations': []}");
    refused(() -> CocoPanoptic.read(json, folder), json + ": categories: missing");
    write(json, "{'annotations': [], 'categories': [{'id': 1}, {'id': 1}]}");
    refused(
        () -> CocoPanoptic.read(json, folder), json + ": categories: two categories have the id 1");
  }

  private CocoInstances instances(String segmentation) throws IOException {
    write(
        json,
        "{'images': [{'id': 5, 'height': 4, 'width': 4}], 'categories': [{'id': 3}],"
            + " 'annotations': [{'id': 71, 'image_id': 5, 'category_id': 3, 'iscrowd': 0,"
            + " 'area': 2.5, 'segmentation': "
            + segmentation
            + "}]}");
    return CocoInstances.read(json);
  }

  @Test
  void readsInstancesOfAllForms() throws IOException {
    CocoId image = CocoId.of(5);
    Rle square = new Rle(4, 4, 5, 2, 2, 2, 5);
    Truth truth = new Truth(0, square, 2.5, false);
    assertThat(instances("[[1, 1, 3, 1, 3, 3, 1, 3]]").truths(image)).containsExactly(truth);
    assertThat(instances("{'size': [4, 4], 'counts': [5, 2, 2, 2, 5]}").truths(image))
        .containsExactly(truth);
    CocoInstances compressed =
        instances("{'counts': '" + square.text() + "', 'size': [4, 4], 'other': [1]}");
    assertThat(compressed.truths(image)).containsExactly(truth);
    Path results = folder.resolve("results.json");
    write(
        results,
        "[{'image_id': 5, 'category_id': 3, 'score': 0.5, 'segmentation':"
            + " {'size': [4, 4], 'counts': [16]}}]");
    assertThat(compressed.readResults(results))
        .containsOnly(Map.entry(image, List.of(new Detection(0, new Rle(4, 4, 16), 0.5))));
    write(results, "[{'image_id': 6, 'category_id': 3, 'score': 1, 'segmentation': []}]");
    refused(
        () -> compressed.readResults(results),
        results + ": result 0: there is no image 6 in " + json);
  }

  @Test
  void saysWhichInstanceIsWrong() throws IOException {
    CocoId image = CocoId.of(5);
    CocoInstances line = instances("[[1, 1, 3, 1]]");
    refused(
        () -> line.truths(image),
        json + ": annotation 71: a polygon of 2 points, expected at least 3");
    CocoInstances small = instances("{'size': [4, 4], 'counts': [5]}");
    refused(
        () -> small.truths(image),
        json + ": annotation 71: runs of 5 pixels in all, expected 16 of a mask of 4x4");
    CocoInstances other = instances("{'size': [4, 5], 'counts': [20]}");
    refused(
        () -> other.truths(image),
        json + ": annotation 71: a segmentation of 5x4 pixels in an image of 4x4");
    assertThatThrownBy(() -> instances("{'counts': [5]}"))
        .hasMessageStartingWith(json + ": annotations[0].segmentation: expected a segmentation");
    assertThatThrownBy(() -> instances("3"))
        .hasMessageStartingWith(json + ": annotations[0].segmentation: ");
  }
}
