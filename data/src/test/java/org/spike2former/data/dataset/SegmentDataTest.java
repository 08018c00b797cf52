package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/** Layouts of data sets that tell things apart. */
class SegmentDataTest {
  @TempDir private Path root;

  private DataConfig config(String type, String... keys) throws IOException {
    String text = "type: " + type + "\nroot: " + root + "\n" + String.join("\n", keys);
    return DataConfig.read(Files.writeString(root.resolve("config.yaml"), text), root);
  }

  private static int label(Sample sample, int x) {
    return sample.labels()[x] & 0xff;
  }

  @Test
  void cocoPanoptic() throws IOException {
    SegmentTrees.coco(root);
    DataConfig config = config("coco-panoptic");
    assertThat(config.task()).isEqualTo(Task.PANOPTIC);
    assertThat(config.classes().things()).isEqualTo(80);
    assertThat(config.classes().size()).isEqualTo(133);
    Dataset dataset = config.dataset("val");
    assertThat(dataset.entry(0).name()).isEqualTo("000000000007");
    Sample sample = dataset.read(0);
    int grass = config.classes().names().indexOf("grass-merged");
    assertThat(sample.segments().segments())
        .extracting(Segment::id, Segment::category, Segment::thing, Segment::crowd, Segment::area)
        .containsExactly(
            tuple(300, 0, true, false, 192),
            tuple(2, 0, true, true, 192),
            tuple(70_000, 2, true, false, 192),
            tuple(9, grass, false, false, 192));
    assertThat(new int[] {label(sample, 0), label(sample, 8), label(sample, 16), label(sample, 24)})
        .containsExactly(0, 0, 2, grass);
    assertThat(dataset.truths(0)).hasSize(3);
  }

  @Test
  void theSameSetGivesClassesAlone() throws IOException {
    SegmentTrees.coco(root);
    Sample panoptic = config("coco-panoptic").dataset("val").read(0);
    Sample semantic = config("coco-panoptic", "task: semantic").dataset("val").read(0);
    assertThat(semantic.segments()).isNull();
    assertThat(semantic.labels()).isEqualTo(panoptic.labels());
  }

  @Test
  void classesThatAreNotKeptAreVoid() throws IOException {
    SegmentTrees.coco(root);
    Sample sample = config("coco-panoptic", "classes: [car, grass-merged]").dataset("val").read(0);
    assertThat(sample.segments().segments())
        .extracting(Segment::id, Segment::category, Segment::thing)
        .containsExactly(tuple(70_000, 0, true), tuple(9, 1, false));
    assertThat(label(sample, 0)).isEqualTo(Sample.IGNORE);
    assertThatThrownBy(() -> config("coco-panoptic", "classes: [grass-merged, car]"))
        .hasMessageContaining("classes: things must come first; grass-merged is stuff");
  }

  @Test
  void cocoInstances() throws IOException {
    SegmentTrees.instances(
        root,
        """
        {'id': 11, 'image_id': 7, 'category_id': 3, 'area': 48, 'segmentation': [%s]},
        {'id': 12, 'image_id': 7, 'category_id': 1, 'iscrowd': 1,
         'segmentation': {'size': [24, 32], 'counts': [240, 48, 480]}},
        {'id': 13, 'image_id': 7, 'category_id': 1,
         'segmentation': {'size': [24, 32], 'counts': '%t'}}
        """
            .replace("%s", SegmentTrees.box(0, 0, 8, 6))
            .replace("%t", new Rle(24, 32, 600, 24, 144).text()));
    Dataset dataset = config("coco-instances").dataset("val");
    assertThat(dataset.classes().things()).isEqualTo(80);
    assertThat(dataset.read(0).segments().segments())
        .extracting(Segment::id, Segment::category, Segment::crowd, Segment::area, Segment::box)
        .containsExactly(
            tuple(1, 2, false, 48, new Box(0, 0, 8, 6)),
            tuple(2, 0, true, 48, new Box(10, 0, 12, 24)),
            tuple(3, 0, false, 24, new Box(25, 0, 26, 24)));
  }

  @Test
  void overlappingInstancesAreRefusedOrGoToTheSmallest() throws IOException {
    SegmentTrees.instances(
        root,
        """
        {'id': 21, 'image_id': 7, 'category_id': 3, 'segmentation': [%s]},
        {'id': 22, 'image_id': 7, 'category_id': 1, 'segmentation': [%t]}
        """
            .replace("%s", SegmentTrees.box(0, 0, 8, 6))
            .replace("%t", SegmentTrees.box(4, 0, 20, 24)));
    Dataset refused = config("coco-instances").dataset("val");
    Path json = root.resolve("annotations/instances_val2017.json");
    assertThatThrownBy(() -> refused.read(0))
        .hasMessage(
            json
                + ": image 7: annotations 22 and 21 overlap at x=4, y=0; overlaps: smallest gives"
                + " such pixels to the smaller");
    Dataset dataset = config("coco-instances", "overlaps: smallest").dataset("val");
    PanopticMap map = dataset.read(0).segments();
    assertThat(map.id(0, 4)).isEqualTo(1);
    assertThat(map.id(6, 4)).isEqualTo(2);
    List<MaskPrecision.Truth> truths = dataset.truths(0);
    assertThat(truths.get(1).mask().area()).isEqualTo(16 * 24);
  }

  @Test
  void anImageMayBeWithoutInstances() throws IOException {
    SegmentTrees.instances(root, "");
    Sample sample = config("coco-instances").dataset("val").read(0);
    assertThat(sample.segments().segments()).isEmpty();
    assertThat(sample.labels()).containsOnly(Sample.IGNORE);
  }

  @Test
  void cityscapesInstanceIds() throws IOException {
    Trees.image(root.resolve("leftImg8bit/val/ulm/ulm_0_1_leftImg8bit.png"), 0);
    Path png = root.resolve("gtFine/val/ulm/ulm_0_1_gtFine_instanceIds.png");
    SegmentTrees.values(png, 26_000, 26, 7, 4);
    Sample sample = config("cityscapes-panoptic").dataset("val").read(0);
    assertThat(sample.segments().segments())
        .extracting(Segment::id, Segment::category, Segment::thing, Segment::crowd, Segment::area)
        .containsExactly(
            tuple(7, 8, false, false, 192),
            tuple(26, 2, true, true, 192),
            tuple(26_000, 2, true, false, 192));
    assertThat(label(sample, 31)).isEqualTo(Sample.IGNORE);
    SegmentTrees.values(png, 40, 26, 7, 4);
    assertThatThrownBy(() -> config("cityscapes-panoptic").dataset("val").read(0))
        .hasMessage(png + ": value 40 at x=0, y=0: 40 is not one of the classes");
  }

  /** The script of Cityscapes names images as no file is called; ids may be those of training. */
  @Test
  void cityscapesJson() throws IOException {
    Trees.image(root.resolve("leftImg8bit/val/ulm/ulm_0_1_leftImg8bit.png"), 0);
    SegmentTrees.colors(
        root.resolve("gtFine/cityscapes_panoptic_val/ulm_0_1_gtFine_panoptic.png"),
        26_001,
        26_001,
        7,
        0);
    SegmentTrees.json(
        root.resolve("gtFine/cityscapes_panoptic_val.json"),
        """
        {'images': [{'id': 'ulm_0_1', 'file_name': 'ulm_0_1_gtFine_leftImg8bit.png',
          'height': 24, 'width': 32}],
         'annotations': [{'image_id': 'ulm_0_1', 'file_name': 'ulm_0_1_gtFine_panoptic.png',
          'segments_info': [
           {'id': 26001, 'category_id': 13, 'iscrowd': 0, 'area': 384},
           {'id': 7, 'category_id': 0, 'iscrowd': 0, 'area': 192}]}],
         'categories': [{'id': 0, 'name': 'road', 'isthing': 0},
           {'id': 13, 'name': 'car', 'isthing': 1}]}
        """);
    Dataset dataset =
        config("cityscapes-panoptic", "annotations: \"gtFine/cityscapes_panoptic_{split}.json\"")
            .dataset("val");
    assertThat(dataset.entry(0).name()).isEqualTo("ulm/ulm_0_1");
    assertThat(dataset.read(0).segments().segments())
        .extracting(Segment::id, Segment::category)
        .containsExactly(tuple(26_001, 2), tuple(7, 8));
  }

  @Test
  void ade20k() throws IOException {
    Trees.image(root.resolve("images/validation/ADE_val_1.jpg"), 0);
    SegmentTrees.colors(root.resolve("ade20k_panoptic_val/ADE_val_1.png"), 5, 6, 0, 0);
    String images =
        "{'images': [{'id': 'ADE_val_1', 'file_name': 'ADE_val_1.jpg', 'height': 24, 'width': 32}]";
    SegmentTrees.json(
        root.resolve("ade20k_panoptic_val.json"),
        images
            + """
            ,'annotations': [{'image_id': 'ADE_val_1', 'file_name': 'ADE_val_1.png',
              'segments_info': [
               {'id': 5, 'category_id': 8, 'iscrowd': 0, 'area': 192},
               {'id': 6, 'category_id': 0, 'iscrowd': 0, 'area': 192}]}],
             'categories': [{'id': 0, 'name': 'wall', 'isthing': 0},
               {'id': 8, 'name': 'window ', 'isthing': 1}]}
            """);
    SegmentTrees.json(
        root.resolve("ade20k_instance_val.json"),
        images
            + """
            ,'annotations': [{'id': 1, 'image_id': 'ADE_val_1', 'category_id': 8,
               'segmentation': {'size': [24, 32], 'counts': [0, 192, 576]}}],
             'categories': [{'id': 8, 'name': 'windowpane, window'}]}
            """);
    DataConfig config = config("ade20k-panoptic");
    assertThat(config.classes().size()).isEqualTo(150);
    assertThat(config.classes().things()).isEqualTo(100);
    // Both what it is for and what the data set calls it.
    for (String split : List.of("val", "validation")) {
      assertThat(config.dataset(split).read(0).segments().segments())
          .extracting(
              Segment::category, segment -> config.classes().names().get(segment.category()))
          .containsExactly(tuple(1, "windowpane"), tuple(100, "wall"));
      assertThat(config("ade20k-instances").dataset(split).read(0).segments().segments())
          .extracting(Segment::category)
          .containsExactly(1);
    }
  }

  @Test
  void folder() throws IOException {
    Trees.image(root.resolve("images/val/a.jpg"), 0);
    SegmentTrees.values(root.resolve("annotations/val/a.png"), 0, 1, 1000, 65_535);
    SegmentTrees.json(
        root.resolve("classes.json"), "{'names': ['cat', 'grass'], 'things': ['cat']}");
    String classes = "classes: " + root.resolve("classes.json");
    DataConfig config = config("folder-panoptic", classes);
    assertThat(config.dataset("val").read(0).segments().segments())
        .extracting(Segment::id, Segment::category, Segment::thing, Segment::crowd)
        .containsExactly(
            tuple(1, 0, true, true), tuple(2, 0, true, false), tuple(1001, 1, false, false));
    assertThatThrownBy(() -> config("folder-panoptic", "classes: [cat, grass]").dataset("val"))
        .hasMessageStartingWith(root + ": task panoptic needs classes that are things");
    assertThat(
            config("folder-panoptic", "classes: [cat, grass]", "things: [cat]").classes().things())
        .isEqualTo(1);
    SegmentTrees.values(root.resolve("annotations/val/a.png"), 2001, 1, 1000, 65_535);
    assertThatThrownBy(() -> config.dataset("val").read(0))
        .hasMessageEndingWith("a.png: value 2001 at x=0, y=0: 2 is not one of the classes");
    SegmentTrees.values(root.resolve("annotations/val/a.png"), 65_535, 65_535, 65_535, 65_535);
    assertThatThrownBy(() -> config.dataset("val").read(0))
        .hasMessageEndingWith("a.png: no segment");
    Trees.labels(root.resolve("annotations/val/a.png"), 0, 0);
    assertThatThrownBy(() -> config.dataset("val").read(0))
        .hasMessageEndingWith("classes and instances are kept in 16-bit grey PNG files only");
  }

  @Test
  void thingsComeFirstInClassesJson() throws IOException {
    Path file =
        SegmentTrees.json(
            root.resolve("classes.json"), "{'names': ['grass', 'cat'], 'things': ['cat']}");
    assertThatThrownBy(() -> config("folder-panoptic", "classes: " + file))
        .hasMessageContaining("things must be the first of the names; grass is none");
  }

  @Test
  void tasksNeedTheirKindOfFiles() {
    assertThatThrownBy(() -> config("camvid", "task: panoptic"))
        .hasMessageContaining("task: panoptic needs a type that tells things apart: coco-panoptic");
    assertThatThrownBy(() -> config("camvid", "things: [car]"))
        .hasMessageContaining("things: only for folders that tell things apart");
    assertThatThrownBy(() -> config("camvid", "annotations: a.json"))
        .hasMessageContaining("annotations: only for types that tell things apart");
    assertThatThrownBy(() -> config("coco-panoptic", "list: a.txt"))
        .hasMessageContaining("list: the images are those of annotations");
  }
}
