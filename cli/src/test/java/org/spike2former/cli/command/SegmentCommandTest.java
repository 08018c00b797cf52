package org.spike2former.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.cli.InProcess;
import org.spike2former.cli.InProcess.Run;

class SegmentCommandTest {
  private static final Path STREET = InProcess.ROOT.resolve("samples/street.jpg");
  private static final Pattern DIGEST = Pattern.compile("  digest ([0-9a-f]{64})");
  private static final Pattern LABELS = Pattern.compile("labels digest ([0-9a-f]{64})");

  @TempDir private Path folder;

  @Test
  void writesOverlayAndLabels() throws IOException {
    Run run = InProcess.run("segment", STREET, "-o", folder);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.errorLines()).isEmpty();
    assertThat(run.out()).contains("street.jpg  240×180", "road", "car");
    BufferedImage labels = ImageIO.read(folder.resolve("street-labels.png").toFile());
    assertThat(labels.getWidth()).isEqualTo(240);
    assertThat(labels.getHeight()).isEqualTo(180);
    assertThat(labels.getColorModel().getPixelSize()).isEqualTo(8);
    int[] road = new int[1];
    labels.getRaster().getPixel(120, 170, road);
    assertThat(road[0]).as("the bottom of the frame is road").isEqualTo(3);
    BufferedImage overlay = ImageIO.read(folder.resolve("street-overlay.png").toFile());
    assertThat(overlay.getWidth()).isGreaterThan(240);
    assertThat(labels.getColorModel()).isInstanceOf(IndexColorModel.class);
    assertThat(names(folder)).containsExactlyInAnyOrder("street-labels.png", "street-overlay.png");
  }

  /** Vectors of other widths are other processes. */
  @Test
  void digestDependsOnNothingButThePrecisionAndTheWeights() throws IOException {
    Set<String> single = new LinkedHashSet<>();
    for (String threads : List.of("1", "3", "7")) {
      single.add(digest(List.of("--threads", threads)));
    }
    single.add(digest(List.of()));
    single.add(digest(List.of("--backend", "scalar")));
    assertThat(single).hasSize(1);
    Set<String> twice = new LinkedHashSet<>();
    twice.add(digest(List.of("--precision", "f64")));
    twice.add(digest(List.of("--precision", "f64", "--backend", "scalar")));
    assertThat(twice).hasSize(1).doesNotContainAnyElementsOf(single);
    Set<String> int8 = new LinkedHashSet<>();
    int8.add(digest(List.of("--weights", "int8", "--threads", "3")));
    int8.add(digest(List.of("--weights", "int8", "--backend", "scalar")));
    assertThat(int8).hasSize(1).doesNotContainAnyElementsOf(single);
  }

  @Test
  void int8WeightsAreOfFloat32() throws IOException {
    Run run = InProcess.run("segment", STREET, "-o", folder, "--weights", "int8");
    assertThat(run.out()).contains("int8 weights").contains("road", "car");
    Run refused =
        InProcess.run("segment", STREET, "-o", folder, "--weights", "int8", "--precision", "f64");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.errorLines())
        .containsExactly("s2f: int8 weights need precision f32, found f64");
  }

  @Test
  void spikeDrivenInferenceGivesTheDigestOfIntegerInference() throws IOException {
    List<String> digests = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (String mode : List.of("plain", "integer", "spikes")) {
      String out = segment(List.of("--arithmetic", mode, "--precision", "f64"));
      digests.add(find(DIGEST, out));
      labels.add(find(LABELS, out));
    }
    assertThat(digests.get(2)).isEqualTo(digests.get(1));
    assertThat(Set.copyOf(labels)).hasSize(1);
  }

  @Test
  void theCounterShowsNoMultiplicationOutsideTheStem() throws IOException {
    String out = segment(List.of("--arithmetic", "spikes", "--count"));
    assertThat(out)
        .containsPattern("weight layers fed by neurons +[0-9,]{9,} +0\\n")
        .containsPattern("attention products +[0-9,]{9,} +0\\n")
        .containsPattern("mask product +[0-9,]{9,} +0\\n")
        .containsPattern("\\(stem\\) +24,979,968 +24,979,968\\n")
        .doesNotContain("BatchNorm", "attention scale");
    Run plain = InProcess.run("segment", STREET, "-o", folder, "--count");
    assertThat(plain.code()).isEqualTo(2);
    assertThat(plain.errorLines())
        .singleElement()
        .asString()
        .contains("--count needs --arithmetic");
  }

  private String digest(List<String> options) throws IOException {
    return find(DIGEST, segment(options));
  }

  private String segment(List<String> options) throws IOException {
    List<Object> arguments = new ArrayList<>(List.of("segment", STREET, "-o", folder, "--digest"));
    arguments.addAll(options);
    Run run = InProcess.run(arguments.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    return run.out();
  }

  private static String find(Pattern pattern, String out) {
    Matcher matcher = pattern.matcher(out);
    assertThat(matcher.find()).as(out).isTrue();
    return matcher.group(1);
  }

  @Test
  void jsonOfSeveralImagesAndAnOutputFolder() throws IOException {
    Path out = folder.resolve("a/b");
    Path shops = InProcess.ROOT.resolve("samples/shops.jpg");
    Run run = InProcess.run("segment", STREET, shops, "-o", out, "--json", "--digest");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out().strip()).startsWith("[").endsWith("]");
    assertThat(run.out()).contains("\"digest\"", "\"backend\"", "\"share\"", "\"seconds\"");
    assertThat(names(out)).hasSize(4);
  }

  @Test
  void aBadImageDoesNotStopTheOthers() throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.jpg"), "not an image");
    Run run = InProcess.run("segment", bad, STREET, "-o", folder);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errorLines()).singleElement().asString().contains("bad.jpg");
    assertThat(names(folder))
        .containsExactlyInAnyOrder("bad.jpg", "street-labels.png", "street-overlay.png");
  }

  @Test
  void imagesOfOddSizesKeepTheirSize() throws IOException {
    Path image = folder.resolve("odd.png");
    BufferedImage pixels = new BufferedImage(333, 197, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 197; y++) {
      for (int x = 0; x < 333; x++) {
        pixels.setRGB(x, y, x * 1000 + y * 70000);
      }
    }
    ImageIO.write(pixels, "png", image.toFile());
    Run run = InProcess.run("segment", image, "-o", folder, "--precision", "f64");
    assertThat(run.code()).as(run.err()).isZero();
    BufferedImage labels = ImageIO.read(folder.resolve("odd-labels.png").toFile());
    assertThat(labels.getWidth()).isEqualTo(333);
    assertThat(labels.getHeight()).isEqualTo(197);
  }

  /** Also where the folder holds the results. */
  @Test
  void foldersAreSearchedAndResultsLieAsTheImagesDo() throws IOException {
    Path photos = folder.resolve("photos");
    Files.createDirectories(photos.resolve("b"));
    Files.copy(STREET, photos.resolve("a.jpg"));
    Files.copy(STREET, photos.resolve("b/a.jpg"));
    Files.write(photos.resolve("b/c.avif"), new byte[9]);
    Files.writeString(photos.resolve("b/notes.txt"), "no image");
    Run run = InProcess.run("segment", photos, "-o", photos);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.errorLines())
        .containsExactly(
            "s2f: "
                + photos
                + ": files that are left out, because they are not JPEG, PNG, WebP, BMP, GIF or"
                + " TIFF: 1; the first: b/c.avif");
    assertThat(names(photos))
        .containsExactlyInAnyOrder("a.jpg", "b", "a-labels.png", "a-overlay.png");
    assertThat(names(photos.resolve("b"))).contains("a-labels.png", "a-overlay.png").hasSize(5);
    Run again = InProcess.run("segment", photos, "-o", photos, "--glob", "*.{jpg,png}");
    assertThat(again.out()).contains("2 images: median");
    assertThat(again.errorLines()).containsExactly("s2f: 4 results of an earlier run are left out");
    Run inside = InProcess.run("segment", photos, "-o", photos.resolve("b"), "--glob", "b/*.jpg");
    assertThat(inside.errorLines())
        .containsExactly("s2f: " + photos + ": holds no files that match b/*.jpg");
    Run none = InProcess.run("segment", STREET, "-o", folder, "--glob", "*.jpg");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.errorLines()).containsExactly("s2f: --glob goes with folders");
  }

  @Test
  void standardInputIsAnImage() throws IOException {
    InputStream former = System.in;
    try {
      System.setIn(new ByteArrayInputStream(Files.readAllBytes(STREET)));
      Run run = InProcess.run("segment", "-", "-o", folder, "--digest");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).startsWith("standard input  240×180");
      assertThat(find(LABELS, run.out())).isEqualTo(find(LABELS, segment(List.of())));
      assertThat(names(folder)).contains("stdin-labels.png", "stdin-overlay.png");
    } finally {
      System.setIn(former);
    }
  }

  @Test
  void confidenceIsAPictureAndTellsOfDoubt() throws IOException {
    Run run = InProcess.run("segment", STREET, "-o", folder, "--confidence");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("pixels +class +confidence < 0\\.5\n")
        .containsPattern("36\\.0 % +road +[0-9.]+ %\n")
        .containsPattern("100\\.0 % +all +[0-9.]+ %\n");
    BufferedImage map = ImageIO.read(folder.resolve("street-confidence.png").toFile());
    assertThat(map.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    assertThat(map.getWidth()).isEqualTo(240);
    Run json = InProcess.run("segment", STREET, "-o", folder, "--confidence", "--json");
    assertThat(json.out()).contains("\"doubtful\"", "\"confidence\" : ");
  }

  /** A window as large as the image is the whole image. */
  @Test
  void windowsAndViewsAreAveraged() throws IOException {
    String whole = find(LABELS, segment(List.of()));
    String one = segment(List.of("--slide", "--crop", "180,240", "--stride", "90,90"));
    String four = segment(List.of("--slide", "--crop", "128,160", "--stride", "52,80"));
    assertThat(find(LABELS, one)).isEqualTo(whole);
    assertThat(find(LABELS, four)).isNotEqualTo(whole);
    Run views = InProcess.run("segment", STREET, "-o", folder, "--tta");
    assertThat(views.out()).contains("road", "car");
    for (String option : List.of("--tta", "--slide", "--confidence")) {
      Run refused = InProcess.run("segment", STREET, "-o", folder, "--task", "panoptic", option);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.errorLines())
          .containsExactly("s2f: --slide, --tta and --confidence go with task semantic");
    }
    Run crop = InProcess.run("segment", STREET, "-o", folder, "--crop", "64,64");
    assertThat(crop.errorLines()).containsExactly("s2f: --crop and --stride need --slide");
  }

  @Test
  void theOverlayMayHaveNoLegend() throws IOException {
    segment(List.of("--no-legend", "--opacity", "0.25"));
    BufferedImage overlay = ImageIO.read(folder.resolve("street-overlay.png").toFile());
    assertThat(overlay.getWidth()).isEqualTo(720);
    assertThat(overlay.getHeight()).isEqualTo(540);
    Run refused = InProcess.run("segment", STREET, "-o", folder, "--opacity", "2");
    assertThat(refused.errorLines())
        .containsExactly("s2f: expected an opacity from 0 to 1, found 2.0");
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
