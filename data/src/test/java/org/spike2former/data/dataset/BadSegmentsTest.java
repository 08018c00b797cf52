package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.panoptic.PanopticPng;

/** Files that do not fit each other are named, with the id that shows it. */
class BadSegmentsTest {
  @TempDir private Path root;
  private Path json;
  private Path pngs;

  @BeforeEach
  void write() throws IOException {
    SegmentTrees.coco(root);
    json = root.resolve("annotations/panoptic_val2017.json");
    pngs = root.resolve("annotations/panoptic_val2017");
  }

  private Dataset open(String type) throws IOException {
    Path file = root.resolve("config.yaml");
    Files.writeString(file, "type: " + type + "\nroot: " + root);
    return DataConfig.read(file, root).dataset("val");
  }

  private void replace(String old, String text) throws IOException {
    String content = Files.readString(json);
    assertThat(content).contains(old.replace('\'', '"'));
    Files.writeString(json, content.replace(old.replace('\'', '"'), text.replace('\'', '"')));
  }

  @Test
  void aPngIsMissing() throws IOException {
    Path png = pngs.resolve("000000000007.png");
    Files.delete(png);
    Dataset dataset = open("coco-panoptic");
    assertThatThrownBy(() -> dataset.begin(OnBadImage.FAIL))
        .hasMessage(
            "coco-panoptic val: 1 of 1 images lack a file; the first: " + png + ": no such file");
    assertThatThrownBy(() -> dataset.read(0)).hasMessageStartingWith(png + ": ");
  }

  @Test
  void aPngIsNotListed() throws IOException {
    SegmentTrees.colors(pngs.resolve("8.png"), 0, 0, 0, 0);
    assertThatThrownBy(() -> open("coco-panoptic"))
        .hasMessage(pngs.resolve("8.png") + ": not listed in " + json);
  }

  @Test
  void theJsonIsMissing() throws IOException {
    Files.delete(json);
    assertThatThrownBy(() -> open("coco-panoptic")).hasMessage(json + ": no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'image_id': 7|'image_id': 8|JSON: annotations: image 8 is not listed",
        "'images': [|'images': [{'id': 9, 'file_name': 'a.jpg', 'height': 1, 'width': 1},"
            + "|JSON: images: 9 has no annotation",
        "'id': 193, 'name': 'grass-merged'|'id': 999, 'name': 'graas-merged'"
            + "|JSON: categories: 999 (graas-merged) is not a class of the data set; did you mean"
            + " grass-merged?",
        "'name': 'car', 'isthing': 1|'name': 'car', 'isthing': 0"
            + "|JSON: categories: 3 (car) is stuff, class car of the data set is a thing",
        "'id': 3, 'name': 'car'|'id': 5, 'name': 'person'"
            + "|JSON: categories: 1 (person) and 5 are both class person",
      })
  void theJsonDoesNotFit(String old, String text, String message) throws IOException {
    replace(old, text);
    assertThatThrownBy(() -> open("coco-panoptic")).hasMessage(message.replace("JSON", json + ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'id': 2, 'category_id': 1,|'id': 5, 'category_id': 1,"
            + "|JSON: image 7: segment 5 has no pixel in PNG",
        "'id': 9, 'category_id': 193|'id': 9, 'category_id': 194"
            + "|JSON: image 7: segment 9: there is no category 194",
        "{'id': 2, 'category_id': 1, 'iscrowd': 1, 'area': 192},|"
            + "|PNG: id 2 (192 pixels) is not among the segments of image 7 in JSON",
        "'height': 24|'height': 23" + "|PNG: expected 32x23 pixels as in JSON, found 32x24",
      })
  void segmentsDoNotFit(String old, String text, String message) throws IOException {
    replace(old, text == null ? "" : text);
    Dataset dataset = open("coco-panoptic");
    assertThatThrownBy(() -> dataset.read(0))
        .hasMessage(
            message
                .replace("JSON", json + "")
                .replace("PNG", pngs.resolve("000000000007.png") + ""));
  }

  @Test
  void anImageIsWithoutAnySegment() throws IOException {
    SegmentTrees.colors(pngs.resolve("000000000007.png"), 0, 0, 0, 0);
    String content = Files.readString(json);
    int from = content.indexOf("\"segments_info\": [") + 18;
    Files.writeString(
        json, content.substring(0, from) + content.substring(content.indexOf("]}],", from)));
    Dataset dataset = open("coco-panoptic");
    assertThatThrownBy(() -> dataset.read(0)).hasMessage(json + ": image 7: no segment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[[0, 0, 8, 8]]|a polygon of 2 points, expected at least 3",
        "{'size': [24, 32], 'counts': [0, 5]}"
            + "|runs of 5 pixels in all, expected 768 of a mask of 32x24",
        "{'size': [32, 24], 'counts': [768]}"
            + "|a segmentation of 24x32 pixels in an image of 32x24",
      })
  void outlinesAreNone(String segmentation, String message) throws IOException {
    SegmentTrees.instances(
        root, "{'id': 31, 'image_id': 7, 'category_id': 1, 'segmentation': " + segmentation + "}");
    Dataset dataset = open("coco-instances");
    assertThatThrownBy(() -> dataset.read(0))
        .hasMessage(
            root.resolve("annotations/instances_val2017.json") + ": annotation 31: " + message);
  }

  @Test
  void aHundredThousandSegmentsAreTooMany() throws IOException {
    int[] ids = IntStream.rangeClosed(1, 400 * 250).toArray();
    PanopticPng.write(new PanopticPng.Ids(250, 400, ids), pngs.resolve("000000000007.png"));
    replace("'height': 24, 'width': 32", "'height': 250, 'width': 400");
    Dataset few = open("coco-panoptic");
    assertThatThrownBy(() -> few.read(0))
        .hasMessage(pngs.resolve("000000000007.png") + ": more than 10000 segments");
    String infos =
        IntStream.rangeClosed(1, 100_000)
            .mapToObj(id -> "{'id': " + id + ", 'category_id': 1}")
            .collect(Collectors.joining(","));
    replace("'segments_info': [", "'segments_info': [" + infos + ",");
    Dataset many = open("coco-panoptic");
    assertThatThrownBy(() -> many.read(0))
        .hasMessage(json + ": image 7: 100004 segments, expected at most 10000");
    String boxes =
        IntStream.rangeClosed(1, 100_000)
            .mapToObj(
                id ->
                    "{'id': "
                        + id
                        + ", 'image_id': 7, 'category_id': 1, 'segmentation': [[0, 0, 1, 1, 2, 0]]}")
            .collect(Collectors.joining(","));
    SegmentTrees.instances(root, boxes);
    assertThatThrownBy(() -> open("coco-instances").read(0))
        .hasMessageEndingWith(": image 7: 100000 annotations, expected at most 10000");
  }
}
