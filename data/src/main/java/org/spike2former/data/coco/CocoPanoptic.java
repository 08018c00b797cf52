package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.panoptic.Segment;

/**
 * COCO's panoptic annotations: a JSON file that lists images and the segments in them, and a folder
 * with a PNG file for each image, whose colours are the segments' ids (0: void).
 */
public final class CocoPanoptic {
  private static final int VOID = 0;

  /**
   * A segment as files have it.
   *
   * @param iscrowd 1 for a crowd; missing: 0
   * @param area pixels; missing: those in the PNG
   */
  record Info(
      @JsonProperty(required = true) int id,
      @JsonProperty(required = true) int categoryId,
      @JsonProperty("iscrowd") Integer iscrowd,
      Integer area) {}

  /**
   * The segments of an image.
   *
   * @param fileName of the PNG
   */
  record Annotation(
      @JsonProperty(required = true) CocoId imageId,
      @JsonProperty(required = true) String fileName,
      @JsonProperty(required = true) List<Info> segmentsInfo) {
    Annotation {
      CocoJson.require("image_id, file_name and segments_info", imageId, fileName, segmentsInfo);
    }
  }

  private record Content(
      List<CocoImage> images,
      @JsonProperty(required = true) List<Annotation> annotations,
      List<CocoCategories.Category> categories) {
    private Content {
      CocoJson.require("annotations", annotations);
    }
  }

  private final Path file;
  private final Path folder;
  private final Map<CocoId, CocoImage> images = new LinkedHashMap<>();
  private final SequencedMap<CocoId, Annotation> annotations = new LinkedHashMap<>();
  private final CocoCategories categories;

  private CocoPanoptic(Path file, Path folder, Content content, CocoCategories categories)
      throws IOException {
    this.file = file;
    this.folder = folder;
    this.categories = categories != null ? categories : own(content);
    for (CocoImage image : content.images() == null ? List.<CocoImage>of() : content.images()) {
      if (images.put(image.id(), image) != null) {
        throw new CocoException(file, "images: two have the id " + image.id());
      }
    }
    for (Annotation annotation : content.annotations()) {
      if (annotations.put(annotation.imageId(), annotation) != null) {
        throw new CocoException(file, "annotations: two of image " + annotation.imageId());
      }
    }
  }

  private CocoCategories own(Content content) throws IOException {
    if (content.categories() == null) {
      throw new CocoException(file, "categories: missing");
    }
    return CocoCategories.ofFile(file, content.categories());
  }

  /**
   * Reads a JSON file; its categories in their order are the classes.
   *
   * @param folder with the PNG files
   * @throws IOException "FILE: what is wrong"
   */
  public static CocoPanoptic read(Path file, Path folder) throws IOException {
    return read(file, folder, null);
  }

  /**
   * Reads a JSON file whose categories, if there are any, are passed over.
   *
   * @param folder with the PNG files
   * @param categories the classes; null: the file's own in their order
   * @throws IOException "FILE: what is wrong"
   */
  public static CocoPanoptic read(Path file, Path folder, CocoCategories categories)
      throws IOException {
    Content content = CocoJson.read(file, new TypeReference<>() {});
    return new CocoPanoptic(file, folder, content, categories);
  }

  /** The classes. */
  public CocoCategories categories() {
    return categories;
  }

  /** The images that are listed, by their ids; may be empty. */
  public Map<CocoId, CocoImage> images() {
    return images;
  }

  /** The images that have annotations, in the order of the file. */
  public List<CocoId> annotated() {
    return new ArrayList<>(annotations.keySet());
  }

  /** Whether an image has annotations. */
  public boolean isAnnotated(CocoId image) {
    return annotations.containsKey(image);
  }

  /** The JSON file. */
  public Path file() {
    return file;
  }

  /**
   * The PNG file of an image.
   *
   * @throws IOException if the image has no annotation
   */
  public Path png(CocoId image) throws IOException {
    return folder.resolve(annotation(image).fileName());
  }

  private Annotation annotation(CocoId image) throws IOException {
    Annotation annotation = annotations.get(image);
    if (annotation == null) {
      throw new CocoException(file, "annotations: none of image " + image);
    }
    return annotation;
  }

  /**
   * Checks that the folder has the PNG files of all annotations and no others.
   *
   * @throws IOException naming the first that is missing or too many
   */
  public void requireWhole() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CocoException(folder, "no such folder; " + file + " needs its PNG files");
    }
    Set<Path> listed = new HashSet<>();
    for (Annotation annotation : annotations.values()) {
      Path png = folder.resolve(annotation.fileName()).normalize();
      if (!Files.isRegularFile(png)) {
        throw new CocoException(
            png, "no such file; " + file + " has it of image " + annotation.imageId());
      }
      listed.add(png);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path png : files.map(Path::normalize).sorted().toList()) {
        if (png.toString().endsWith(".png") && !listed.contains(png)) {
          throw new CocoException(png, "not listed in " + file);
        }
      }
    }
  }

  /**
   * Reads the segments of an image. The area of a segment is what the file says.
   *
   * @throws IOException "FILE: what is wrong" if there is no annotation or no PNG, or if they do
   *     not fit each other
   */
  public PanopticMap map(CocoId image) throws IOException {
    Annotation annotation = annotation(image);
    if (annotation.segmentsInfo().size() > PanopticMap.MOST_SEGMENTS) {
      throw problem(
          image,
          annotation.segmentsInfo().size()
              + " segments, expected at most "
              + PanopticMap.MOST_SEGMENTS);
    }
    Path png = png(image);
    PanopticPng.Ids ids = PanopticPng.read(png);
    CocoImage listed = images.get(image);
    if (listed != null && (listed.height() != ids.height() || listed.width() != ids.width())) {
      throw new CocoException(
          png,
          "expected "
              + listed.width()
              + "x"
              + listed.height()
              + " pixels as in "
              + file
              + ", found "
              + ids.width()
              + "x"
              + ids.height());
    }
    Map<Integer, PanopticMap.Extent> extents = extents(png, ids);
    Set<Integer> unknown = new TreeSet<>(extents.keySet());
    unknown.remove(VOID);
    List<Segment> segments = new ArrayList<>();
    for (Info info : annotation.segmentsInfo()) {
      unknown.remove(info.id());
      segments.add(segment(image, info, extents.get(info.id())));
    }
    if (!unknown.isEmpty()) {
      int id = unknown.iterator().next();
      throw new CocoException(
          png,
          "id "
              + id
              + " ("
              + extents.get(id).area()
              + " pixels) is not among the segments of image "
              + image
              + " in "
              + file);
    }
    try {
      return new PanopticMap(ids.height(), ids.width(), ids.ids(), VOID, segments);
    } catch (IllegalArgumentException e) {
      throw problem(image, e.getMessage());
    }
  }

  private static Map<Integer, PanopticMap.Extent> extents(Path png, PanopticPng.Ids ids)
      throws IOException {
    try {
      return PanopticMap.extents(ids.ids(), ids.width());
    } catch (IllegalArgumentException e) {
      throw new CocoException(png, e.getMessage(), e);
    }
  }

  private Segment segment(CocoId image, Info info, PanopticMap.Extent extent) throws IOException {
    int category = categories.classOf(info.categoryId());
    if (category < 0) {
      throw problem(image, "segment " + info.id() + ": there is no category " + info.categoryId());
    }
    if (extent == null || info.id() == VOID) {
      throw problem(
          image,
          "segment "
              + info.id()
              + (info.id() == VOID ? " has the id of void" : " has no pixel in " + png(image)));
    }
    int area = info.area() == null ? extent.area() : info.area();
    if (area < 1) {
      throw problem(image, "segment " + info.id() + ": area " + area);
    }
    boolean crowd = info.iscrowd() != null && info.iscrowd() != 0;
    boolean thing = categories.get(category).thing();
    return new Segment(info.id(), category, thing, crowd, 1, area, extent.box());
  }

  private CocoException problem(CocoId image, String problem) {
    return new CocoException(file, "image " + image + ": " + problem);
  }
}
