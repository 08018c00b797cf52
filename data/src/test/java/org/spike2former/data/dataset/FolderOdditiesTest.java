package org.spike2former.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.loader.OnBadImage;

/** What lies in the folders that users have. */
class FolderOdditiesTest {
  @TempDir private Path root;
  private Path images;
  private Path labels;

  @BeforeEach
  void twoImages() throws IOException {
    images = root.resolve("images/train");
    labels = root.resolve("annotations/train");
    for (String name : List.of("a", "b")) {
      Trees.image(images.resolve(name + ".jpg"), 0x804020);
      Trees.labels(labels.resolve(name + ".png"), 1, 255);
    }
  }

  private Dataset open(String... lines) throws IOException {
    String text = "type: folder\nroot: " + root + "\nclasses: [even, odd]\n";
    Path file = Files.writeString(root.resolve("data.yaml"), text + String.join("\n", lines));
    return DataConfig.read(file, root).dataset("train");
  }

  private static List<String> names(Dataset dataset) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < dataset.size(); i++) {
      names.add(dataset.entry(i).name());
    }
    return names;
  }

  private void refused(String message, String... lines) {
    assertThatThrownBy(() -> open(lines))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void whatProgramsLeaveBehindIsNoImage() throws IOException {
    for (String litter :
        List.of(
            "._a.jpg",
            ".DS_Store",
            "Thumbs.db",
            "desktop.ini",
            ".ipynb_checkpoints/a-checkpoint.jpg",
            "@eaDir/a.jpg/SYNOFILE_THUMB_M.jpg",
            "__MACOSX/a.jpg",
            "sub/._c.jpg")) {
      Path file = images.resolve(litter);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "no image");
    }
    Files.writeString(labels.resolve("._a.png"), "no labels");
    Dataset dataset = open();
    assertThat(names(dataset)).containsExactly("a", "b");
    assertThat(dataset.warnings()).isEmpty();
    dataset.begin(OnBadImage.FAIL);
    for (String name : List.of("a", "b")) {
      Files.delete(images.resolve(name + ".jpg"));
    }
    refused(images + ": holds no images (8 hidden files do not count)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void listsMayBeginWithAByteOrderMark(String charset) throws IOException {
    byte[] list = "\uFEFFb\r\n  a \t\r\n\r\n".getBytes(Charset.forName(charset));
    Files.write(root.resolve("train.txt"), list);
    Dataset dataset = open("list: \"{split}.txt\"");
    assertThat(names(dataset)).containsExactly("b", "a");
    assertThat(dataset.read(0).labels()[0]).isEqualTo((byte) 1);
  }

  @Test
  void listsThatAreNoneAreRefused() throws IOException {
    Path list = root.resolve("train.txt");
    String key = "list: \"{split}.txt\"";
    Files.write(list, "straße\n".getBytes(StandardCharsets.ISO_8859_1));
    refused(list + ": not UTF-8 text; save the list in that encoding", key);
    Files.write(list, "a\n".getBytes(StandardCharsets.UTF_16LE));
    refused(list + ": not a list of names, but binary data", key);
    Files.writeString(list, "\uFEFF\r\n");
    refused(list + ": the list is empty", key);
    Files.writeString(list, "a.jpg\n");
    refused(list + ": expected names without their ending, found a.jpg; leave it off", key);
    Files.writeString(list, "a\na\nb\nb\n");
    assertThat(open(key).warnings())
        .containsExactly(list + ": names that are repeated: 2; the first: a");
  }

  @Test
  void endingsMayBeCapital() throws IOException {
    Files.move(images.resolve("a.jpg"), images.resolve("a.JPG"));
    Files.move(labels.resolve("b.png"), labels.resolve("b.PNG"));
    Files.writeString(root.resolve("train.txt"), "a\nb\n");
    for (String key : List.of("", "image_suffix: .jpg", "list: train.txt")) {
      Dataset dataset = open(key);
      assertThat(names(dataset)).containsExactly("a", "b");
      dataset.begin(OnBadImage.FAIL);
      assertThat(dataset.read(0).width()).isEqualTo(32);
      assertThat(dataset.read(1).width()).isEqualTo(32);
    }
  }

  /** Some systems write an accent as a character of its own. */
  @Test
  void accentsMayBeWrittenEitherWay() throws IOException {
    Trees.image(images.resolve("cafe\u0301.jpg"), 0);
    Trees.labels(labels.resolve("caf\u00e9.png"), 0, 1);
    Dataset dataset = open();
    assertThat(dataset.warnings()).isEmpty();
    dataset.begin(OnBadImage.FAIL);
    assertThat(dataset.read(2).labels()[16]).isEqualTo((byte) 1);
    Files.writeString(root.resolve("train.txt"), "caf\u00e9\n");
    assertThat(open("list: train.txt").read(0).labels()[16]).isEqualTo((byte) 1);
  }

  @Test
  void labelsBelongToOneImage() throws IOException {
    Trees.image(images.resolve("a.png"), 0);
    refused(
        images.resolve("a.jpg")
            + ", "
            + images.resolve("a.png")
            + ": two images for the labels "
            + labels.resolve("a.png")
            + "; give image_suffix, or take one away");
    Dataset dataset = open("image_suffix: .jpg");
    assertThat(names(dataset)).containsExactly("a", "b");
    assertThat(dataset.warnings())
        .containsExactly(
            images + ": files that are left out, because they are not *.jpg: 1; the first: a.png");
    Files.writeString(root.resolve("train.txt"), "a\n");
    refused(
        images.resolve("a.jpg")
            + ", "
            + images.resolve("a.png")
            + ": two images of one name; give image_suffix",
        "list: train.txt");
  }

  @Test
  void imagesAreNotTheirOwnLabels() throws IOException {
    for (String name : List.of("a", "b")) {
      Files.move(labels.resolve(name + ".png"), images.resolve(name + ".png"));
    }
    String message =
        images.resolve("a.png")
            + ": taken for an image and for labels at once; give image_suffix, such as .jpg, or"
            + " keep labels in a folder of their own";
    refused(message, "label_dir: images/{split}");
    refused(message, "label_dir: ./images/../images/{split}");
    Path link = Files.createSymbolicLink(root.resolve("linked"), images);
    refused(message, "label_dir: " + link.getFileName());
    refused(message, "label_dir: images/{split}", "image_suffix: .png");
    Dataset dataset = open("label_dir: images/{split}", "image_suffix: .jpg");
    assertThat(names(dataset)).containsExactly("a", "b");
    assertThat(dataset.warnings()).isEmpty();
  }

  @Test
  void labelsInTheImagesFoldersAreKnownByTheirNames() throws IOException {
    Trees.image(images.resolve("c.png"), 0);
    Trees.labels(images.resolve("c_mask.png"), 1, 1);
    Files.delete(images.resolve("a.jpg"));
    Files.delete(images.resolve("b.jpg"));
    Dataset dataset = open("label_dir: images/{split}", "label_suffix: _mask.png");
    assertThat(names(dataset)).containsExactly("c");
    Trees.labels(images.resolve("below/c.png"), 1, 1);
    assertThat(names(open("label_dir: images/{split}/below"))).containsExactly("c", "c_mask");
  }

  @Test
  void filesWithoutTheirOtherHalfAreNamed() throws IOException {
    Files.delete(labels.resolve("a.png"));
    Trees.labels(labels.resolve("c.png"), 0, 0);
    Trees.labels(labels.resolve("d.png"), 0, 0);
    Files.writeString(images.resolve("e.heic"), "");
    Dataset dataset = open();
    assertThat(dataset.warnings())
        .containsExactly(
            images
                + ": files that are left out, because they are not JPEG, PNG, WebP, BMP, GIF or"
                + " TIFF: 1; the first: e.heic",
            labels + ": label files without an image: 2; the first: " + labels.resolve("c.png"));
    assertThatThrownBy(() -> dataset.begin(OnBadImage.FAIL))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "folder train: 1 of 2 images lack a file; the first: "
                + labels.resolve("a.png")
                + ": no such file");
    dataset.begin(OnBadImage.SKIP);
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path elsewhere = root.resolve("elsewhere");
    Files.createDirectories(elsewhere);
    Files.move(images.resolve("a.jpg"), elsewhere.resolve("a.jpg"));
    Files.createSymbolicLink(images.resolve("a.jpg"), elsewhere.resolve("a.jpg"));
    open().begin(OnBadImage.FAIL);
    Files.delete(elsewhere.resolve("a.jpg"));
    Dataset dangling = open();
    assertThat(names(dangling)).containsExactly("a", "b");
    String message =
        images.resolve("a.jpg")
            + ": a link to "
            + elsewhere.resolve("a.jpg")
            + ", which is not there";
    assertThatThrownBy(() -> dangling.begin(OnBadImage.FAIL)).hasMessageEndingWith(message);
    assertThatThrownBy(() -> dangling.read(0)).hasMessage(message);
  }

  @Test
  void labelsMayBeLinksToo() throws IOException {
    Path elsewhere = root.resolve("elsewhere.png");
    Files.move(labels.resolve("b.png"), elsewhere);
    Files.createSymbolicLink(labels.resolve("b.png"), elsewhere);
    open().begin(OnBadImage.FAIL);
    Files.delete(elsewhere);
    Dataset dangling = open();
    assertThatThrownBy(() -> dangling.begin(OnBadImage.FAIL))
        .hasMessage(
            "folder train: 1 of 2 images lack a file; the first: "
                + labels.resolve("b.png")
                + ": a link to "
                + elsewhere
                + ", which is not there");
  }

  @Test
  void linksInACircleAreRefused() throws IOException {
    Path link = Files.createSymbolicLink(images.resolve("again"), images);
    refused(link + ": a link to a folder that it lies in");
  }

  @Test
  void ignoredClassesAreSaid() throws IOException {
    assertThat(open("ignore: 0").warnings())
        .containsExactly("folder train: class 0 (even) has a label that is ignored");
  }
}
