package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Sample;
import org.spike2former.data.config.ConfigException;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.data.loader.OnBadImage;
import org.spike2former.data.transform.ColorJitter;
import org.spike2former.data.transform.Pad;
import org.spike2former.data.transform.PhotometricDistortion;
import org.spike2former.data.transform.RandomCrop;
import org.spike2former.data.transform.RandomFlip;
import org.spike2former.data.transform.Resizes;

class DataConfigTest {
  @TempDir private Path folder;

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("data.yaml"), text);
  }

  @Test
  void typeAndRootAreEnough() throws IOException {
    DataConfig config = DataConfig.read(yaml("type: cityscapes\nroot: some/where"), folder);
    assertThat(config.root()).isEqualTo(Path.of("some/where"));
    assertThat(config.classes().size()).isEqualTo(19);
    assertThat(config.classes().names().get(13)).isEqualTo("car");
    assertThat(config.classes().color(13)).isEqualTo(0x00008E);
    assertThat(config.trainPipeline().steps()).isEmpty();
    assertThat(config.inference()).isEqualTo(Inference.WHOLE);
    assertThat(config.preprocessing().mean()).containsExactly(123.675, 116.28, 103.53);
    assertThat(config.onBadImage()).isEqualTo(OnBadImage.FAIL);
  }

  @Test
  void everythingCanBeSaid() throws IOException {
    DataConfig config =
        DataConfig.read(
            yaml(
                """
                model: {anything: here}
                data:
                  type: ade20k
                  root: r
                  splits: {test: extra}
                  image_dir: i/{split}
                  label_dir: ["a/{split}", b]
                  image_suffix: _i.png
                  label_suffix: _l.png
                  list: "{split}.txt"
                  reduce_zero_label: false
                  ignore: [250, 255]
                  train_pipeline:
                    - random_resize: {scale: [2048, 512], ratio_range: [0.5, 2.0]}
                    - random_resize: {ratio_range: [0.75, 1.5], keep_ratio: false}
                    - random_choice_resize: {edges: [320, 640], max_size: 2560}
                    - resize_shortest_edge: {edge: 320, max_size: 2560}
                    - resize: {scale: [20, 30]}
                    - resize_to_multiple: {divisor: 32}
                    - random_crop: {size: [160, 224], cat_max_ratio: 0.75}
                    - random_flip
                    - photometric_distortion:
                    - photometric_distortion: {brightness: 10, hue: 0}
                    - color_jitter: {brightness: 0.2, contrast: 0.1}
                    - pad: {size: [512, 256], divisor: 32}
                  normalise: {mean: [1, 2, 3], std: [4, 5, 6]}
                  inference:
                    resize: {shortest_edge: 512, max_size: 2048}
                    size_divisor: 32
                    mode: slide
                    crop: [512, 256]
                    stride: [341, 171]
                  loader: {threads: 3, on_bad_image: skip}
                """),
            folder);
    assertThat(config.splits())
        .isEqualTo(Map.of("train", "training", "val", "validation", "test", "extra"));
    assertThat(config.layout())
        .isEqualTo(
            new Layout("i/{split}", List.of("a/{split}", "b"), "_i.png", "_l.png", "{split}.txt"));
    assertThat(config.trainPipeline().steps())
        .hasSize(11)
        .contains(
            new Resizes.RandomResize(List.of(2048, 512), List.of(0.5, 2.0), true),
            new Resizes.RandomResize(null, List.of(0.75, 1.5), false),
            new Resizes.ResizeShortestEdge(320, 2560),
            new Resizes.Resize(20, 30, true),
            new Resizes.ResizeToMultiple(32),
            new RandomCrop(160, 224, 0.75),
            new RandomFlip(null),
            PhotometricDistortion.DEFAULT,
            new PhotometricDistortion(10.0, List.of(0.5, 1.5), List.of(0.5, 1.5), 0),
            new ColorJitter(0.2, 0.1));
    assertThat(config.trainPipeline().pad()).isEqualTo(new Pad(512, 256, 32));
    assertThat(config.preprocessing().std()).containsExactly(4, 5, 6);
    assertThat(config.preprocessing().sizeDivisor()).isEqualTo(32);
    assertThat(config.preprocessing().resize()).isEqualTo(new ResizeRule(512, 2048));
    assertThat(config.inference().resize()).isEqualTo(new ResizeRule(512, 2048));
    assertThat(config.inference().window())
        .isEqualTo(new Inference.SlidingWindow(512, 256, 341, 171));
    assertThat(config.threads()).isEqualTo(3);
    assertThat(config.onBadImage()).isEqualTo(OnBadImage.SKIP);
  }

  @Test
  void classesMayBeChosen() throws IOException {
    DataConfig config =
        DataConfig.read(yaml("type: camvid\nroot: " + folder + "\nclasses: [car, sky]"), folder);
    assertThat(config.classes().names()).containsExactly("car", "sky");
    assertThat(config.classes().color(1)).isEqualTo(0x808080);
    Trees.image(folder.resolve("images/test/a.jpg"), 0);
    Trees.labels(folder.resolve("annotations/test/a.png"), 8, 3);
    byte[] labels = config.dataset("test").read(0).labels();
    assertThat(labels[0]).isZero();
    assertThat(labels[16]).isEqualTo((byte) Sample.IGNORE);
    Trees.labels(folder.resolve("annotations/test/a.png"), 0, 0);
    assertThat(config.dataset("test").read(0).labels()[0]).isEqualTo((byte) 1);
  }

  @Test
  void aFolderHasItsOwnClasses() throws IOException {
    Trees.folder(folder, "train", 2);
    DataConfig named =
        DataConfig.read(yaml("type: folder\nroot: " + folder + "\nclasses: [even, odd]"), folder);
    assertThat(named.dataset("train").read(1).labels()[0]).isEqualTo((byte) 1);
    DataConfig nameless = DataConfig.read(yaml("type: folder\nroot: " + folder), folder);
    assertThatThrownBy(() -> nameless.dataset("train")).hasMessageContaining("classes");
    ClassTable one = ClassTable.of(List.of("even"));
    Dataset few = nameless.withClasses(one).dataset("train");
    assertThat(few.read(0).labels()[0]).isZero();
    assertThatThrownBy(() -> few.read(1)).hasMessageEndingWith("is not one of the 1 classes");
  }

  /** Whatever the files call it, pixels without class are 255 from here on. */
  @ParameterizedTest
  @CsvSource({"255", "254", "250", "128", "2", "1", "0"})
  void anyLabelMayBeIgnored(int ignore) throws IOException {
    Trees.image(folder.resolve("images/train/a.png"), 0);
    Trees.labels(folder.resolve("annotations/train/a.png"), ignore, 1);
    String text = "type: folder\nroot: " + folder + "\n";
    Path json = folder.resolve("classes.json");
    Files.writeString(json, "{\"names\": [\"a\", \"b\"], \"ignore_index\": " + ignore + "}");
    Path model = folder.resolve("model.json");
    Files.writeString(model, "{\"names\": [\"a\", \"b\"], \"ignore_index\": 77}");
    for (DataConfig config :
        List.of(
            DataConfig.read(yaml(text + "classes: [a, b]\nignore: " + ignore), folder),
            DataConfig.read(yaml(text + "classes: " + json), folder),
            DataConfig.read(yaml(text + "classes: " + json + "\nignore: " + ignore), folder),
            DataConfig.read(yaml(text), folder).withClasses(ClassTable.read(json)),
            DataConfig.read(yaml(text + "ignore: " + ignore), folder)
                .withClasses(ClassTable.read(model)),
            DataConfig.ofFolder(folder, ClassTable.read(json)))) {
      byte[] labels = config.dataset("train").read(0).labels();
      assertThat(labels[0]).isEqualTo((byte) Sample.IGNORE);
      assertThat(labels[16]).isEqualTo((byte) (ignore == 1 ? Sample.IGNORE : 1));
    }
    ClassTable written =
        DataConfig.read(yaml(text + "classes: [a, b]\nignore: [255, " + ignore + "]"), folder)
            .classes();
    assertThat(written.ignoreIndex()).isEqualTo(ignore);
  }

  @Test
  void ignoredLabelsMustAgree() throws IOException {
    Path json = folder.resolve("classes.json");
    Files.writeString(json, "{\"names\": [\"a\", \"b\"], \"ignore_index\": 250}");
    Path file = yaml("type: folder\nroot: r\nignore: 0\nclasses: " + json);
    assertThatThrownBy(() -> DataConfig.read(file, folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + ": line 3: ignore: [0] here, but ignore_index 250 in "
                + json
                + "; make them agree, or leave one out");
    Files.writeString(json, "{\"names\": [\"a\", \"b\"]}");
    assertThat(DataConfig.read(file, folder).classes().ignoreIndex()).isZero();
  }

  @Test
  void aFolderNeedsNoFile() throws IOException {
    ClassTable classes = ClassTable.of(List.of("even", "odd"));
    Trees.folder(folder.resolve("split"), "test", 2);
    assertThat(DataConfig.ofFolder(folder.resolve("split"), classes).dataset("test").size())
        .isEqualTo(2);
    Trees.image(folder.resolve("bare/images/a.png"), 0);
    Trees.labels(folder.resolve("bare/labels/a.png"), 0, 1);
    Dataset bare = DataConfig.ofFolder(folder.resolve("bare"), classes).dataset("test");
    assertThat(bare.read(0).labels()[31]).isEqualTo((byte) 1);
    assertThatThrownBy(() -> DataConfig.ofFolder(folder, classes))
        .hasMessageContaining("expected folders images and annotations");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "type: ade, root: r|line 1: type: expected ade20k | cityscapes",
        "type: camvid|root: missing; expected a string",
        "type: camvid, root: r, rot: 1|line 1: rot: unknown key; known are annotations, channels,"
            + " classes, exif, frames, ignore, image_dir",
        "type: camvid, type: camvid|not YAML: line 1: Duplicate field 'type'",
        "type: camvid, root: r, splits: {dev: x}|line 1: splits.dev: unknown key",
        "type: camvid, root: r, ignore: 256|line 1: ignore: expected an integer from 0 to 255,"
            + " found 256",
        "type: camvid, root: r, classes: [cat]|line 1: classes: the data set has no class cat",
        "type: camvid, root: r, classes: [car, car]|line 1: classes: a class is named twice",
        "type: folder, root: r, classes: [a, a]|line 1: classes: a class is named twice",
        "type: camvid, root: r, reduce_zero_label: 1|line 1: reduce_zero_label: expected true or"
            + " false",
        "type: camvid, root: r, train_pipeline: [fly]|line 1: train_pipeline[0]: unknown step fly;"
            + " known",
        "type: camvid, root: r, train_pipeline: [{a: 1, b: 2}]|line 1: train_pipeline[0]: expected"
            + " one step",
        "type: camvid, root: r, train_pipeline: [{random_crop: {size: [1]}}]|line 1:"
            + " train_pipeline[0].random_crop.size: expected a list of 2 integers from 1 to",
        "type: camvid, root: r, train_pipeline: [random_crop]"
            + "|line 1: train_pipeline[0].random_crop.size: missing",
        "type: camvid, root: r, train_pipeline: [{random_resize: {ratio_range: [2, 1]}}]"
            + "|line 1: train_pipeline[0].random_resize.ratio_range: expected two numbers",
        "type: camvid, root: r, train_pipeline: [pad, random_flip]"
            + "|line 1: train_pipeline: pad must come last; found random_flip after it",
        "type: camvid, root: r, train_pipeline: [{random_flip: {probability: 2}}]|line 1:"
            + " train_pipeline[0].random_flip.probability: expected a number from 0 to 1, found 2",
        "type: camvid, root: r, normalise: {mean: [1, 2, 3], std: [0, 1, 1]}|line 1: normalise.std:"
            + " expected positive",
        "type: camvid, root: r, inference: {mode: tiles}|line 1: inference.mode: expected whole |"
            + " slide",
        "type: camvid, root: r, inference: {crop: [1, 2]}|line 1: inference.crop: is for mode slide"
            + " only",
        "type: camvid, root: r, inference: {mode: slide, crop: [32, 32], stride: [40, 8]}"
            + "|line 1: inference.stride: a stride is larger than the window",
        "type: camvid, root: r, exif: rotate|line 1: exif: expected apply | ignore, found rotate",
        "type: camvid, root: r, loader: {on_bad_image: ignore}"
            + "|line 1: loader.on_bad_image: expected fail | skip, found ignore",
      })
  void badKeysAreNamed(String text, String message) throws IOException {
    Path file = yaml("{" + text + "}");
    assertThatThrownBy(() -> DataConfig.read(file, folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": " + message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void errorsInASectionNameTheWholeKey() throws IOException {
    Path file = yaml("data: {type: camvid, root: 3}");
    assertThatThrownBy(() -> DataConfig.read(file, folder))
        .hasMessage(file + ": line 1: data.root: expected a string, found 3");
    Path empty = yaml("");
    assertThatThrownBy(() -> DataConfig.read(empty, folder))
        .hasMessage(empty + ": expected keys and values");
  }

  @Test
  void aSectionMayBeAName() throws IOException {
    Path configs = Path.of("../configs");
    Path file = yaml("data: ade20k");
    assertThat(DataConfig.read(file, configs).type()).isEqualTo("ade20k");
    assertThatThrownBy(() -> DataConfig.read(file, folder))
        .hasMessage(
            file
                + ": line 1: data: ade20k is neither a file nor a name in "
                + folder.resolve("datasets"));
  }

  @ParameterizedTest
  @CsvSource({
    "ade20k, 150, flag, 5C00FF",
    "cityscapes, 19, bicycle, 770B20",
    "voc2012, 21, tvmonitor, 004080",
    "voc2012-aug, 21, tvmonitor, 004080",
    "pascal-context-59, 59, wood, 1F00FF",
    "pascal-context-60, 60, wood, 1F00FF",
    "coco-stuff-10k, 171, wood, 404000",
    "coco-stuff-164k, 171, wood, 404000",
    "camvid, 11, bicyclist, 0080C0",
    "ddd17, 6, vehicle, 787850",
    "chase-db1, 2, vessel, 06E6E6",
    "synapse, 9, stomach, F0F0F0",
  })
  void classesAreComplete(String type, int count, String last, String color) {
    ClassTable classes = DatasetType.of(type).classes();
    assertThat(classes.size()).isEqualTo(count);
    assertThat(classes.names().get(count - 1)).isEqualTo(last);
    assertThat("%06X".formatted(classes.color(count - 1))).isEqualTo(color);
  }

  @Test
  void vocHasItsOwnPalette() {
    assertThat(DatasetType.of("voc2012").classes().palette()).isEqualTo(ClassTable.vocPalette(21));
  }

  @Test
  void everyTypeHasAConfiguration() throws IOException {
    Path configs = Path.of("../configs/datasets");
    for (String type : DatasetType.NAMES) {
      DataConfig config = DataConfig.read(configs.resolve(type + ".yaml"), configs.getParent());
      assertThat(config.type()).isEqualTo(type);
      // The release takes the frames of DDD17 as they are.
      boolean framed = type.equals("ddd17");
      assertThat(config.frames() != null).isEqualTo(framed);
      assertThat(config.trainPipeline().steps().isEmpty()).isEqualTo(framed);
      assertThat(config.inference().resize() == null).isEqualTo(framed);
    }
  }

  @Test
  void aDataSetThatNamesItselfIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("self.yaml"), "data: " + folder + "/self.yaml\n");
    assertThatThrownBy(() -> DataConfig.read(file, folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ": line 1: data: ");
  }

  /** Four files of twenty names each would be read 160,000 times. */
  @Test
  void filesThatBuildOnManyAreRefused() throws IOException {
    for (int i = 0; i < 4; i++) {
      String base = folder.resolve("b" + (i + 1) + ".yaml").toString();
      Files.writeString(
          folder.resolve("b" + i + ".yaml"),
          "type: camvid\nbase: [" + String.join(", ", Collections.nCopies(20, base)) + "]\n");
    }
    Files.writeString(folder.resolve("b4.yaml"), "type: camvid\n");
    assertThatThrownBy(() -> DataConfig.read(folder.resolve("b0.yaml"), folder))
        .hasMessageEndingWith("builds on more than 50 files (-Ds2f.max-config-files)");
  }
}
