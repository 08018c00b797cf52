package org.spike2former.data.dataset;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.spike2former.data.ClassTable;
import org.spike2former.data.Folders;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;

/**
 * Turns the files of CHASE DB1, 28 photos and what two observers saw in each, into a data set of
 * type {@code chase-db1}, as mmsegmentation's script does: the first 20 photos by name are for
 * training and 8 for validation, and a label is the red level over 128.
 */
public final class ChaseDb1 {
  /** How many photos there are. */
  public static final int PHOTOS = 28;

  /** How many of them are for training. */
  public static final int TRAINING = 20;

  private static final String PHOTO = ".jpg";
  private static final List<String> OBSERVERS = List.of("_1stHO.png", "_2ndHO.png");

  private ChaseDb1() {}

  /**
   * Converts.
   *
   * @param folder with the data set's 84 files
   * @param output must not be there yet, or be empty
   * @param progress told of each photo
   * @throws IOException naming what is missing, or cannot be read or written; nothing is left then
   */
  public static void convert(Path folder, Path output, Runnable progress) throws IOException {
    List<String> names = photos(folder);
    Folders.write(
        output,
        target -> {
          for (int i = 0; i < names.size(); i++) {
            convert(folder, names.get(i), target, i < TRAINING ? "training" : "validation");
            progress.run();
          }
          return null;
        });
  }

  /** The photos' names without their ending, sorted. */
  private static List<String> photos(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": no such folder");
    }
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(PHOTO))
              .filter(name -> !name.startsWith("."))
              .map(name -> name.substring(0, name.length() - PHOTO.length()))
              .sorted()
              .toList();
    }
    if (names.size() != PHOTOS) {
      throw new IOException(
          folder
              + ": expected the "
              + PHOTOS
              + " photos (*"
              + PHOTO
              + ") of CHASE DB1, found "
              + names.size());
    }
    return names;
  }

  private static void convert(Path folder, String name, Path target, String split)
      throws IOException {
    BufferedImage photo = ImageFiles.read(folder.resolve(name + PHOTO));
    ImageFiles.writePng(photo, target.resolve("images/" + split + "/" + name + ".png"));
    ClassTable classes = DatasetType.of("chase-db1").classes();
    for (String observer : OBSERVERS) {
      Path file = folder.resolve(name + observer);
      BufferedImage drawn = ImageFiles.read(file);
      int height = drawn.getHeight();
      int width = drawn.getWidth();
      if (height != photo.getHeight() || width != photo.getWidth()) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: labels of %dx%d pixels for a photo of %dx%d",
                file,
                width,
                height,
                photo.getWidth(),
                photo.getHeight()));
      }
      byte[] rgb = ImageFiles.rgb(drawn);
      byte[] labels = new byte[height * width];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (byte) ((rgb[3 * i] & 0xff) / 128);
      }
      new LabelMap(height, width, labels)
          .writePng(target.resolve("annotations/" + split + "/" + name + observer), classes);
    }
  }
}
