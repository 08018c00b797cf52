package org.spike2former.data.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Folders;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.ConfigException;
import org.spike2former.data.image.ImageFiles;

/**
 * Turns label pictures, whose colours stand for classes, into label maps with the same colours as
 * their palette. Which colour is which class, a table says.
 */
public final class ColorLabels {
  private static final List<String> HEADER = List.of("name", "r", "g", "b");

  private final ClassTable classes;
  private final Map<Integer, Integer> labels;

  private ColorLabels(ClassTable classes, Map<Integer, Integer> labels) {
    this.classes = classes;
    this.labels = labels;
  }

  /**
   * A colour that is not in the table.
   *
   * @param rgb 0xRRGGBB
   * @param pixels that have it
   * @param files in which it occurs
   * @param first of these
   */
  public record Unknown(int rgb, long pixels, int files, Path first) {}

  /**
   * What a conversion found.
   *
   * @param files number of label maps
   * @param pixels of all of them
   * @param unknown colours that are not in the table, the most frequent first
   */
  public record Result(int files, long pixels, List<Unknown> unknown) {}

  /** The classes in the order of the table, with label 255 for pixels of none. */
  public ClassTable classes() {
    return classes;
  }

  /**
   * Reads a table: a {@code classes.json} with a palette, or a CSV file with the columns name, r, g
   * and b, a line for each colour. There, several colours may have one name, and colours without a
   * name are of no class.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static ColorLabels read(Path file) throws IOException {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
      return readCsv(file);
    }
    ClassTable classes;
    try {
      classes = ClassTable.read(file).withIgnoreIndex(Sample.IGNORE);
    } catch (BadValueException e) {
      throw new ConfigException(file, e.getMessage());
    }
    Map<Integer, Integer> labels = new HashMap<>();
    for (int k = 0; k < classes.size(); k++) {
      put(file, labels, classes.color(k), k, classes.names());
    }
    return new ColorLabels(classes, labels);
  }

  private static ColorLabels readCsv(Path file) throws IOException {
    SequencedMap<String, Integer> colors = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    Map<Integer, Integer> labels = new HashMap<>();
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setTrim(true).build();
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException _) {
      throw new ConfigException(file, "not UTF-8 text; save the table in that encoding");
    }
    try (CSVParser lines = CSVParser.parse(text, format)) {
      List<String> header =
          lines.getHeaderNames().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
      if (!header.equals(HEADER)) {
        throw new ConfigException(file, "expected the columns name,r,g,b, found " + header);
      }
      for (CSVRecord line : lines) {
        String name = line.get(0);
        int rgb = rgb(file, line);
        if (!name.isEmpty() && colors.putIfAbsent(name, rgb) == null) {
          names.add(name);
        }
        put(file, labels, rgb, name.isEmpty() ? Sample.IGNORE : names.indexOf(name), names);
      }
    } catch (ConfigException e) {
      throw e;
    } catch (IllegalArgumentException | IOException | UncheckedIOException e) {
      throw new ConfigException(file, e.getMessage());
    }
    int[] palette = colors.values().stream().mapToInt(Integer::intValue).toArray();
    try {
      return new ColorLabels(new ClassTable(names, palette, Sample.IGNORE), labels);
    } catch (BadValueException e) {
      throw new ConfigException(file, e.getMessage());
    }
  }

  private static int rgb(Path file, CSVRecord line) throws ConfigException {
    int rgb = 0;
    for (int column = 1; column <= 3; column++) {
      String text = line.size() > column ? line.get(column) : "";
      if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > 255) {
        throw new ConfigException(
            file,
            "line "
                + (line.getRecordNumber() + 1)
                + ": "
                + HEADER.get(column)
                + ": expected an integer from 0 to 255, found "
                + text);
      }
      rgb = rgb << 8 | Integer.parseInt(text);
    }
    return rgb;
  }

  private static void put(
      Path file, Map<Integer, Integer> labels, int rgb, int label, List<String> names)
      throws ConfigException {
    Integer other = labels.putIfAbsent(rgb, label);
    if (other != null && other != label) {
      throw new ConfigException(
          file,
          "colour " + text(rgb) + " is of " + name(other, names) + " and " + name(label, names));
    }
  }

  private static String name(int label, List<String> names) {
    return label == Sample.IGNORE ? "no class" : names.get(label);
  }

  /** A colour as its three levels. */
  public static String text(int rgb) {
    return (rgb >> 16 & 255) + "," + (rgb >> 8 & 255) + "," + (rgb & 255);
  }

  /** The name of the class, or none, whose colour is nearest to another one. */
  public String nearest(int rgb) {
    int known =
        labels.keySet().stream()
            .min(Comparator.comparingInt((Integer c) -> distance(c, rgb)).thenComparing(c -> c))
            .orElseThrow();
    return name(labels.get(known), classes.names()) + " (" + text(known) + ")";
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int difference = (a >> shift & 255) - (b >> shift & 255);
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * Converts all pictures in a folder and below; each keeps its path, and ends in {@code .png}.
   * Beside them a {@code classes.json} is written.
   *
   * @param keepUnknown whether pixels of unknown colours become pixels without class; else, if
   *     there are any, nothing is written
   * @param output must not be there yet, or be empty
   * @param step called after each picture
   * @throws IOException "FILE: what is wrong"; nothing is left then
   */
  public Result convert(Path folder, Path output, boolean keepUnknown, Runnable step)
      throws IOException {
    SequencedMap<String, Path> pictures = pictures(folder);
    Map<Integer, Unknown> unknown = new HashMap<>();
    try {
      return Folders.write(
          output,
          temporary -> {
            long pixels = 0;
            for (Map.Entry<String, Path> picture : pictures.entrySet()) {
              BufferedImage image = ImageFiles.readStored(picture.getValue()).image();
              LabelMap map = labels(image, picture.getValue(), unknown);
              map.writePng(temporary.resolve(picture.getKey()), classes);
              pixels += map.labels().length;
              step.run();
            }
            Files.writeString(
                temporary.resolve("classes.json"), classes.toJson().toPrettyString() + "\n");
            Result result = result(pictures.size(), pixels, unknown);
            if (!keepUnknown && !unknown.isEmpty()) {
              throw new Refused(result);
            }
            return result;
          });
    } catch (Refused e) {
      return e.result;
    }
  }

  /** Ends the writing of a folder, which then is not there. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Result result;

    Refused(Result result) {
      this.result = result;
    }
  }

  /** The pictures in a folder and below, by the paths of their label maps. */
  public static SequencedMap<String, Path> pictures(Path folder) throws IOException {
    SequencedMap<String, Path> pictures = new LinkedHashMap<>();
    for (Map.Entry<String, Path> file : FileTree.of(folder, List.of()).files().entrySet()) {
      String path = file.getKey();
      if (Layout.isImage(file.getValue())) {
        String target = path.substring(0, path.lastIndexOf('.')) + ".png";
        Path other = pictures.put(target, file.getValue());
        if (other != null) {
          throw new IOException(
              other + " and " + file.getValue() + " would both be written as " + target);
        }
      }
    }
    if (pictures.isEmpty()) {
      throw new IOException(folder + ": holds no images");
    }
    return pictures;
  }

  private LabelMap labels(BufferedImage image, Path file, Map<Integer, Unknown> unknown) {
    byte[] rgb = ImageFiles.rgb(image);
    byte[] result = new byte[rgb.length / 3];
    Map<Integer, Long> strangers = new HashMap<>();
    int last = -1;
    Integer label = null;
    for (int i = 0; i < result.length; i++) {
      int color = (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
      if (color != last) {
        label = labels.get(color);
        last = color;
      }
      if (label == null) {
        strangers.merge(color, 1L, Long::sum);
      }
      result[i] = (byte) (label == null ? Sample.IGNORE : label);
    }
    strangers.forEach(
        (color, pixels) ->
            unknown.merge(
                color,
                new Unknown(color, pixels, 1, file),
                (a, b) -> new Unknown(color, a.pixels + b.pixels, a.files + b.files, a.first)));
    return new LabelMap(image.getHeight(), image.getWidth(), result);
  }

  private static Result result(int files, long pixels, Map<Integer, Unknown> unknown) {
    List<Unknown> sorted =
        unknown.values().stream()
            .sorted(
                Comparator.comparingLong((Unknown each) -> -each.pixels)
                    .thenComparingInt(Unknown::rgb))
            .toList();
    return new Result(files, pixels, sorted);
  }
}
