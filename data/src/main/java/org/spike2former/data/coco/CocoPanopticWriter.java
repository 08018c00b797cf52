package org.spike2former.data.coco;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.ClassTable;
import org.spike2former.data.mask.Box;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.data.panoptic.Segment;

/**
 * Writes COCO's panoptic format: PNG files at once, the JSON file image by image; it is whole when
 * {@link #finish} is done. For segments of which void has the id 0.
 */
public final class CocoPanopticWriter implements Closeable {
  private final Path folder;
  private final ClassTable classes;
  private final List<Integer> categoryIds;
  private final JsonGenerator out;
  private final List<CocoImage> images = new ArrayList<>();

  /**
   * Begins a file.
   *
   * @param file that is written
   * @param folder of the PNG files
   * @param categoryIds what the classes are called there
   * @throws IOException if it cannot be written
   */
  public CocoPanopticWriter(Path file, Path folder, ClassTable classes, List<Integer> categoryIds)
      throws IOException {
    this.folder = folder;
    this.classes = classes;
    this.categoryIds = List.copyOf(categoryIds);
    Files.createDirectories(folder);
    Files.createDirectories(file.toAbsolutePath().getParent());
    out = new JsonMapper().createGenerator(file.toFile(), JsonEncoding.UTF8);
    out.writeStartObject();
    out.writeObjectFieldStart("info");
    out.writeStringField("description", "panoptic segmentation, written by s2f data convert");
    out.writeEndObject();
    out.writeArrayFieldStart("annotations");
  }

  /**
   * Adds an image.
   *
   * @param id a number or a name that no other has
   * @param fileName of the image
   * @param pngName of the PNG file, which is below the folder
   * @throws IOException if it cannot be written
   */
  public void add(CocoId id, String fileName, String pngName, PanopticMap map) throws IOException {
    PanopticPng.write(
        new PanopticPng.Ids(map.height(), map.width(), map.ids()), folder.resolve(pngName));
    images.add(new CocoImage(id, fileName, map.height(), map.width()));
    out.writeStartObject();
    out.writeObjectField("image_id", id.value());
    out.writeStringField("file_name", pngName);
    out.writeArrayFieldStart("segments_info");
    for (Segment segment : map.segments()) {
      Box box = segment.box();
      out.writeStartObject();
      out.writeNumberField("id", segment.id());
      out.writeNumberField("category_id", categoryIds.get(segment.category()));
      out.writeNumberField("iscrowd", segment.crowd() ? 1 : 0);
      out.writeNumberField("area", segment.area());
      out.writeFieldName("bbox");
      out.writeArray(new int[] {box.x0(), box.y0(), box.width(), box.height()}, 0, 4);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /**
   * Writes the images and categories, and closes the file.
   *
   * @throws IOException if it cannot be written
   */
  public void finish() throws IOException {
    out.writeEndArray();
    out.writeArrayFieldStart("images");
    for (CocoImage image : images) {
      out.writeStartObject();
      out.writeObjectField("id", image.id().value());
      out.writeStringField("file_name", image.fileName());
      out.writeNumberField("height", image.height());
      out.writeNumberField("width", image.width());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("categories");
    for (int k = 0; k < classes.size(); k++) {
      int rgb = classes.color(k);
      out.writeStartObject();
      out.writeNumberField("id", categoryIds.get(k));
      out.writeStringField("name", classes.names().get(k));
      out.writeStringField("supercategory", classes.names().get(k));
      out.writeNumberField("isthing", k < classes.things() ? 1 : 0);
      out.writeFieldName("color");
      out.writeArray(new int[] {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255}, 0, 3);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.close();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
