package org.spike2former.data.coco;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spike2former.data.mask.Polygon;
import org.spike2former.data.mask.Rle;

/** The shape of an instance as files have it: polygons, runs, or runs as compressed text. */
@JsonDeserialize(using = CocoShape.Reader.class)
public sealed interface CocoShape {
  /**
   * The shape as a mask of an image.
   *
   * @throws IllegalArgumentException saying what is wrong if the shape is none, or of another size
   */
  Rle mask(int height, int width);

  /**
   * The union of polygons.
   *
   * @param corners of each x and y by turns
   */
  record Polygons(List<double[]> corners) implements CocoShape {
    @Override
    public Rle mask(int height, int width) {
      if (corners.isEmpty()) {
        throw new IllegalArgumentException("a segmentation without polygons");
      }
      return Rle.union(corners.stream().map(one -> Polygon.mask(one, height, width)).toList());
    }
  }

  /**
   * Runs of pixels.
   *
   * @param height of the mask
   * @param width of the mask
   * @param counts lengths of the runs; null: see text
   * @param text the same compressed
   */
  record Runs(int height, int width, int[] counts, String text) implements CocoShape {
    @Override
    public Rle mask(int height, int width) {
      if (this.height != height || this.width != width) {
        throw new IllegalArgumentException(
            "a segmentation of "
                + this.width
                + "x"
                + this.height
                + " pixels in an image of "
                + width
                + "x"
                + height);
      }
      return counts == null ? Rle.of(height, width, text) : new Rle(height, width, counts);
    }
  }

  /** Reads either form without a tree between, which would need many times the memory. */
  final class Reader extends StdDeserializer<CocoShape> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(CocoShape.class);
    }

    @Override
    public CocoShape deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return switch (in.currentToken()) {
        case START_ARRAY -> polygons(in, context);
        case START_OBJECT -> runs(in, context);
        default -> (CocoShape) context.handleUnexpectedToken(CocoShape.class, in);
      };
    }

    private static CocoShape polygons(JsonParser in, DeserializationContext context)
        throws IOException {
      List<double[]> polygons = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        double[] corners = context.readValue(in, double[].class);
        if (corners == null) {
          return context.reportInputMismatch(
              CocoShape.class, "expected a polygon, found null among those of a segmentation");
        }
        polygons.add(corners);
      }
      return new Polygons(polygons);
    }

    private static CocoShape runs(JsonParser in, DeserializationContext context)
        throws IOException {
      int[] size = null;
      int[] counts = null;
      String text = null;
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String key = in.currentName();
        JsonToken value = in.nextToken();
        if (key.equals("size")) {
          size = context.readValue(in, int[].class);
        } else if (key.equals("counts") && value == JsonToken.START_ARRAY) {
          counts = context.readValue(in, int[].class);
        } else if (key.equals("counts") && value == JsonToken.VALUE_STRING) {
          text = in.getText();
        } else {
          in.skipChildren();
        }
      }
      if (size == null || size.length != 2 || counts == null && text == null) {
        return context.reportInputMismatch(
            CocoShape.class,
            "expected a segmentation with a size of two numbers and counts, found size %s",
            Arrays.toString(size));
      }
      return new Runs(size[0], size[1], counts, text);
    }
  }
}
