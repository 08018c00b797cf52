package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.image.ImageFiles;

class LayoutTest {
  @TempDir private Path root;

  private DataConfig config(String type) throws IOException {
    Path file = root.resolve("config.yaml");
    Files.writeString(file, "type: " + type + "\nroot: " + root);
    return DataConfig.read(file, root);
  }

  /** Where each data set keeps an image and its labels, and what a stored 1 becomes. */
  @ParameterizedTest
  @CsvSource({
    "ade20k, train, images/training/a.jpg, annotations/training/a.png, , 0",
    "ade20k, val, images/validation/a.jpg, annotations/validation/a.png, , 0",
    "cityscapes, train, leftImg8bit/train/ulm/u_leftImg8bit.png,"
        + " gtFine/train/ulm/u_gtFine_labelTrainIds.png, , 1",
    "cityscapes, test, leftImg8bit/val/ulm/u_leftImg8bit.png,"
        + " gtFine/val/ulm/u_gtFine_labelTrainIds.png, , 1",
    "voc2012, train, JPEGImages/v.jpg, SegmentationClass/v.png,"
        + " ImageSets/Segmentation/train.txt, 1",
    "voc2012-aug, train, JPEGImages/v.jpg, SegmentationClassAug/v.png,"
        + " ImageSets/Segmentation/trainaug.txt, 1",
    "voc2012-aug, val, JPEGImages/v.jpg, SegmentationClass/v.png,"
        + " ImageSets/Segmentation/val.txt, 1",
    "pascal-context-60, train, JPEGImages/v.jpg, SegmentationClassContext/v.png,"
        + " ImageSets/SegmentationContext/train.txt, 1",
    "pascal-context-59, val, JPEGImages/v.jpg, SegmentationClassContext/v.png,"
        + " ImageSets/SegmentationContext/val.txt, 0",
    "coco-stuff-10k, train, images/train2014/c.jpg, annotations/train2014/c_labelTrainIds.png, , 0",
    "coco-stuff-10k, val, images/test2014/c.jpg, annotations/test2014/c_labelTrainIds.png, , 0",
    "coco-stuff-164k, val, images/val2017/c.jpg, annotations/val2017/c_labelTrainIds.png, , 1",
    "camvid, test, images/test/c.jpg, annotations/test/c.png, , 1",
  })
  void filesArePaired(
      String type, String split, String image, String labels, String list, int expected)
      throws IOException {
    Trees.image(root.resolve(image), 0x804020);
    Trees.labels(root.resolve(labels), 1, 255);
    if (list != null) {
      Files.createDirectories(root.resolve(list).getParent());
      Files.writeString(root.resolve(list), "v\n\n");
    }
    Dataset dataset = config(type).dataset(split);
    assertThat(dataset.size()).isEqualTo(1);
    assertThat(dataset.entry(0).image()).isEqualTo(root.resolve(image));
    assertThat(dataset.entry(0).labels()).isEqualTo(root.resolve(labels));
    Sample sample = dataset.read(0);
    assertThat(sample.labels()[0]).isEqualTo((byte) expected);
    assertThat(sample.labels()[16]).isEqualTo((byte) Sample.IGNORE);
    assertThat(sample.width()).isEqualTo(32);
  }

  @Test
  void reducedZeroIsNoClass() throws IOException {
    Trees.image(root.resolve("images/training/a.jpg"), 0);
    Trees.labels(root.resolve("annotations/training/a.png"), 0, 150);
    byte[] labels = config("ade20k").dataset("train").read(0).labels();
    assertThat(labels[0]).isEqualTo((byte) Sample.IGNORE);
    assertThat(labels[31] & 0xff).isEqualTo(149);
  }

  /** VOC's own labels are finer than those of SBD for the same image. */
  @Test
  void vocsOwnLabelsComeFirst() throws IOException {
    Files.createDirectories(root.resolve("ImageSets/Segmentation"));
    Files.writeString(root.resolve("ImageSets/Segmentation/trainaug.txt"), "a\nb\n");
    for (String name : List.of("a", "b")) {
      Trees.image(root.resolve("JPEGImages/" + name + ".jpg"), 0);
      Trees.labels(root.resolve("SegmentationClassAug/" + name + ".png"), 5, 5);
    }
    Trees.labels(root.resolve("SegmentationClass/a.png"), 6, 6);
    Dataset dataset = config("voc2012-aug").dataset("train");
    assertThat(dataset.read(0).labels()[0]).isEqualTo((byte) 6);
    assertThat(dataset.read(1).labels()[0]).isEqualTo((byte) 5);
  }

  @Test
  void orderIsThatOfTheNames() throws IOException {
    for (String name : List.of("b/x", "a/y", "a/b", "c")) {
      Trees.image(root.resolve("images/test/" + name + ".jpg"), 0);
    }
    Files.createDirectories(root.resolve("annotations/test"));
    Files.writeString(root.resolve("images/test/notes.txt"), "no image");
    Dataset dataset = config("camvid").dataset("test");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < dataset.size(); i++) {
      names.add(dataset.entry(i).name());
    }
    assertThat(names).containsExactly("a/b", "a/y", "b/x", "c");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    DataConfig voc = config("voc2012");
    assertThatThrownBy(() -> voc.dataset("train"))
        .hasMessage(root.resolve("JPEGImages") + ": no such folder of images");
    Files.createDirectories(root.resolve("JPEGImages"));
    assertThatThrownBy(() -> voc.dataset("train"))
        .hasMessage(root.resolve("SegmentationClass") + ": no such folder of labels");
    Files.createDirectories(root.resolve("SegmentationClass"));
    Path list = root.resolve("ImageSets/Segmentation/train.txt");
    assertThatThrownBy(() -> voc.dataset("train")).hasMessage(list + ": no such list of names");
    Files.createDirectories(list.getParent());
    Files.writeString(list, "\n");
    assertThatThrownBy(() -> voc.dataset("train")).hasMessage(list + ": the list is empty");
    DataConfig elsewhere = voc.withRoot(root.resolve("none"));
    assertThatThrownBy(() -> elsewhere.dataset("train"))
        .hasMessageStartingWith(root.resolve("none") + ": no such folder");
    Files.createDirectories(root.resolve("images/test"));
    Files.createDirectories(root.resolve("annotations/test"));
    DataConfig camvid = config("camvid");
    assertThatThrownBy(() -> camvid.dataset("test"))
        .hasMessage(root.resolve("images/test") + ": holds no *.jpg");
  }

  @Test
  void badFilesAreNamed() throws IOException {
    Path image = root.resolve("images/test/a.jpg");
    Path labels = root.resolve("annotations/test/a.png");
    Trees.image(image, 0);
    Files.createDirectories(labels.getParent());
    Dataset dataset = config("camvid").dataset("test");
    assertThatThrownBy(() -> dataset.read(0)).hasMessage(labels + ": no such file");
    Trees.labels(labels, 3, 11);
    assertThatThrownBy(() -> dataset.read(0))
        .hasMessage(labels + ": label 11 at x=16, y=0 is not one of the 11 classes");
    Trees.image(labels, 0);
    assertThatThrownBy(() -> dataset.read(0)).hasMessageStartingWith(labels + ": cannot be read");
    Files.delete(labels);
    Trees.labels(labels, 0, 0);
    Trees.image(image, 0);
    Files.write(image, new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2, 3});
    assertThatThrownBy(() -> dataset.read(0)).hasMessageStartingWith(image + ": ");
  }

  @Test
  void sizesMustAgree() throws IOException {
    Trees.image(root.resolve("images/test/a.jpg"), 0);
    Path labels = root.resolve("annotations/test/a.png");
    ImageFiles.writePng(new LabelMap(2, 2, new byte[4]).toImage(), labels);
    Dataset dataset = config("camvid").dataset("test");
    assertThatThrownBy(() -> dataset.read(0))
        .hasMessage(labels + ": labels of 2x2 pixels for an image of 32x24");
  }
}
