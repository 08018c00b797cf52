package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads COCO's JSON files, which may be of hundreds of megabytes, into records: other keys than
 * theirs are passed over, and numbers are not made of other values.
 */
final class CocoJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private CocoJson() {}

  /**
   * Refuses null in place of a value that must be there.
   *
   * @throws IllegalArgumentException naming the keys
   */
  static void require(String keys, Object... values) {
    if (Arrays.asList(values).contains(null)) {
      throw new IllegalArgumentException("expected " + keys + ", found null");
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException "FILE: what is wrong"
   */
  static <T> T read(Path file, TypeReference<T> type) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CocoException(file, Files.exists(file) ? "is not a file" : "no such file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      T content = MAPPER.readValue(in, type);
      if (content == null) {
        throw new CocoException(file, "expected an object or a list, found null");
      }
      return content;
    } catch (JsonMappingException e) {
      throw new CocoException(file, where(e) + problem(e), e);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new CocoException(file, "not JSON: line " + line + ": " + e.getOriginalMessage(), e);
    } catch (CharConversionException e) {
      throw new CocoException(file, "not JSON, whose text is UTF-8: " + e.getMessage(), e);
    }
  }

  private static String problem(JsonMappingException e) {
    return e.getCause() instanceof IllegalArgumentException cause
        ? cause.getMessage()
        : e.getOriginalMessage();
  }

  /** Such as "annotations[3].segments_info[0].id: ". */
  private static String where(JsonMappingException e) {
    StringBuilder where = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        where.append('[').append(step.getIndex()).append(']');
      } else {
        where.append(where.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return where.isEmpty() ? "" : where.append(": ").toString();
  }
}
