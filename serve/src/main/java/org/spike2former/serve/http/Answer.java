package org.spike2former.serve.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * An answer to a request.
 *
 * @param type of its content
 * @param content not copied
 * @param headers beside those that every answer has
 */
record Answer(int status, String type, byte[] content, Map<String, String> headers) {
  static final String JSON = "application/json";
  static final String PNG = "image/png";
  private static final JsonMapper MAPPER = new JsonMapper();

  static Answer json(JsonNode json) {
    return new Answer(200, JSON, bytes(json), Map.of());
  }

  static Answer text(int status, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return new Answer(status, "text/plain;charset=utf-8", content, Map.of());
  }

  static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An image as the bytes of a PNG file. */
  static byte[] png(RenderedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
