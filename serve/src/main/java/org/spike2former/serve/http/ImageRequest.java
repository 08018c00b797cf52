package org.spike2former.serve.http;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Attributes;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.image.UnknownFormatException;

/**
 * An image that came as a body or as part {@code image} of a form, and parameters from the query
 * and the form's other parts.
 *
 * @param file the image's file, not decoded yet
 */
record ImageRequest(byte[] file, Parameters parameters) {
  private static final String PART = "image";
  private static final int MAX_PARTS = 32;
  private static final int MAX_TEXT = 1024;

  /**
   * Reads a request.
   *
   * @throws HttpProblem if it has no image or is beyond the limits
   */
  static ImageRequest read(Exchange exchange, ImageLimits limits) throws IOException, HttpProblem {
    String header = exchange.header(HttpHeader.CONTENT_TYPE);
    String type = header == null ? "" : header.replaceAll(";.*", "").strip();
    type = type.toLowerCase(Locale.ROOT);
    Parameters parameters = exchange.query();
    boolean form = type.equals("multipart/form-data");
    if (!form && !type.startsWith("image/") && !type.equals("application/octet-stream")) {
      throw new HttpProblem(
          415,
          "expected an image (Content-Type image/… or application/octet-stream) or a form"
              + " (multipart/form-data) with a part "
              + PART
              + ", found "
              + (type.isEmpty() ? "no Content-Type" : type));
    }
    byte[] body = exchange.body(limits);
    byte[] file = form ? imageOf(body, header, parameters) : body;
    if (file.length == 0) {
      throw new HttpProblem(422, "the image: it has no bytes");
    }
    return new ImageRequest(file, parameters);
  }

  private static byte[] imageOf(byte[] body, String contentType, Parameters parameters)
      throws IOException, HttpProblem {
    MultiPartConfig config =
        new MultiPartConfig.Builder()
            .maxParts(MAX_PARTS)
            .maxSize(body.length)
            .maxPartSize(body.length)
            .maxMemoryPartSize(body.length)
            .useFilesForPartsWithoutFileName(false)
            .build();
    Content.Source source = Content.Source.from(ByteBuffer.wrap(body));
    byte[] file = null;
    try (MultiPartFormData.Parts parts =
        MultiPartFormData.getParts(source, new Attributes.Mapped(), contentType, config)) {
      for (MultiPart.Part part : parts) {
        if (PART.equals(part.getName())) {
          if (file != null) {
            throw new HttpProblem(400, "the form has more than one part " + PART);
          }
          file = Content.Source.asInputStream(part.newContentSource(null, 0, -1)).readAllBytes();
        } else if (part.getLength() > MAX_TEXT) {
          throw new HttpProblem(400, part.getName() + ": longer than " + MAX_TEXT + " bytes");
        } else {
          String text = part.getContentAsString(StandardCharsets.UTF_8);
          parameters.add(part.getName(), List.of(text));
        }
      }
    } catch (RuntimeException e) {
      throw new HttpProblem(400, "the form cannot be read: " + e.getMessage());
    }
    if (file == null) {
      throw new HttpProblem(400, "the form has no part " + PART);
    }
    return file;
  }

  /** The image, upright. */
  BufferedImage decode() throws HttpProblem {
    try {
      return ImageFiles.read(file);
    } catch (UnknownFormatException e) {
      throw new HttpProblem(415, e.getMessage());
    } catch (IOException e) {
      throw new HttpProblem(422, e.getMessage());
    }
  }
}
