package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.metric.MaskPrecision;

/**
 * COCO's instances: a JSON file that lists images, categories and the outline of every object; and
 * results, which a detector found in the same images.
 */
public final class CocoInstances {
  /**
   * An object.
   *
   * @param area pixels; missing: those of the mask
   * @param iscrowd 1 for a crowd; missing: 0
   */
  record Annotation(
      @JsonProperty(required = true) long id,
      @JsonProperty(required = true) CocoId imageId,
      @JsonProperty(required = true) int categoryId,
      @JsonProperty("iscrowd") Integer iscrowd,
      Double area,
      @JsonProperty(required = true) CocoShape segmentation) {
    Annotation {
      CocoJson.require("image_id and segmentation", imageId, segmentation);
    }
  }

  /** What a detector found. */
  record Result(
      @JsonProperty(required = true) CocoId imageId,
      @JsonProperty(required = true) int categoryId,
      @JsonProperty(required = true) double score,
      @JsonProperty(required = true) CocoShape segmentation) {
    Result {
      CocoJson.require("image_id and segmentation", imageId, segmentation);
    }
  }

  private record Content(
      @JsonProperty(required = true) List<CocoImage> images,
      @JsonProperty(required = true) List<Annotation> annotations,
      @JsonProperty(required = true) List<CocoCategories.Category> categories) {
    private Content {
      CocoJson.require("images, annotations and categories", images, annotations, categories);
    }
  }

  private final Path file;
  private final CocoCategories categories;
  private final Map<CocoId, CocoImage> images = new LinkedHashMap<>();
  private final Map<CocoId, List<Annotation>> annotations = new LinkedHashMap<>();

  private CocoInstances(Path file, Content content) throws IOException {
    this.file = file;
    categories = CocoCategories.ofFile(file, content.categories());
    for (CocoImage image : content.images()) {
      if (images.put(image.id(), image) != null) {
        throw new CocoException(file, "images: two have the id " + image.id());
      }
      annotations.put(image.id(), new ArrayList<>());
    }
    for (Annotation annotation : content.annotations()) {
      List<Annotation> of = annotations.get(annotation.imageId());
      if (of == null) {
        throw problem(annotation.id(), "there is no image " + annotation.imageId());
      }
      of.add(annotation);
    }
  }

  /**
   * Reads a JSON file; its categories in their order are the classes.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static CocoInstances read(Path file) throws IOException {
    return new CocoInstances(file, CocoJson.read(file, new TypeReference<Content>() {}));
  }

  /** The classes. */
  public CocoCategories categories() {
    return categories;
  }

  /** The images by their ids, in the order of the file. */
  public Map<CocoId, CocoImage> images() {
    return images;
  }

  /** What the file calls the objects of an image, in its order. */
  public List<Long> annotationIds(CocoId image) {
    return annotations.get(image).stream().map(Annotation::id).toList();
  }

  /**
   * The objects of an image, in the order of the file.
   *
   * @throws IOException "FILE: what is wrong" naming the annotation whose mask or category is none
   */
  public List<MaskPrecision.Truth> truths(CocoId image) throws IOException {
    List<MaskPrecision.Truth> truths = new ArrayList<>();
    for (Annotation annotation : annotations.get(image)) {
      int category = categories.classOf(annotation.categoryId());
      if (category < 0) {
        throw problem(annotation.id(), "there is no category " + annotation.categoryId());
      }
      try {
        Rle mask = mask(image, annotation.segmentation());
        double area = annotation.area() == null ? mask.area() : annotation.area();
        boolean crowd = annotation.iscrowd() != null && annotation.iscrowd() != 0;
        truths.add(new MaskPrecision.Truth(category, mask, area, crowd));
      } catch (IllegalArgumentException e) {
        throw problem(annotation.id(), e.getMessage());
      }
    }
    return truths;
  }

  private Rle mask(CocoId image, CocoShape shape) {
    return shape.mask(images.get(image).height(), images.get(image).width());
  }

  private CocoException problem(long annotation, String problem) {
    return new CocoException(file, "annotation " + annotation + ": " + problem);
  }

  /**
   * Reads a JSON file of results in these images: a list of objects with {@code image_id}, {@code
   * category_id}, {@code score} and {@code segmentation}.
   *
   * @return the detections of each image that has some, in the order of the file
   * @throws IOException "FILE: what is wrong"
   */
  public Map<CocoId, List<MaskPrecision.Detection>> readResults(Path results) throws IOException {
    List<Result> list = CocoJson.read(results, new TypeReference<>() {});
    Map<CocoId, List<MaskPrecision.Detection>> detections = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      Result result = list.get(i);
      int category = categories.classOf(result.categoryId());
      if (!images.containsKey(result.imageId()) || category < 0) {
        throw new CocoException(
            results,
            "result "
                + i
                + ": there is no "
                + (category < 0 ? "category " + result.categoryId() : "image " + result.imageId())
                + " in "
                + file);
      }
      try {
        Rle mask = mask(result.imageId(), result.segmentation());
        detections
            .computeIfAbsent(result.imageId(), _ -> new ArrayList<>())
            .add(new MaskPrecision.Detection(category, mask, result.score()));
      } catch (IllegalArgumentException e) {
        throw new CocoException(results, "result " + i + ": " + e.getMessage(), e);
      }
    }
    return detections;
  }
}
