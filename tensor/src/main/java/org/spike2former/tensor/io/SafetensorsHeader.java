package org.spike2former.tensor.io;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON header of a safetensors file, read strictly, and written. */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";

  /** Bits of the elements of the format's other types. */
  private static final Map<String, Integer> OTHER_BITS =
      Map.of(
          "F4", 4, "F6_E2M3", 6, "F6_E3M2", 6, "F8_E5M2", 8, "F8_E4M3", 8, "F8_E8M0", 8, "U16", 16,
          "U32", 32, "U64", 64, "C64", 64);

  /** Names come once, so that to intern them would only keep them. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** A tensor and the range of its bytes after the header. */
  record Entry(String name, ElementType type, int[] shape, long begin, long end) {}

  private final Path file;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, String> others = new LinkedHashMap<>();
  private final long[] integers = new long[Elements.MAX_RANK];

  /**
   * Reads and checks a header.
   *
   * @param json its bytes
   * @param dataSize how many bytes follow it
   * @throws FormatException if anything in it is not as the format demands
   */
  SafetensorsHeader(Path file, byte[] json, long dataSize) throws IOException {
    this.file = file;
    // A decoder of its own, because Jackson would guess UTF-16 and UTF-32 too.
    Reader text =
        new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = JSON.createParser(text)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header", "");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          readMetadata(parser);
        } else {
          entries.add(readEntry(parser, name));
          if (entries.size() > FileLimit.TENSORS.value()) {
            throw new FormatException(file, "has more than " + FileLimit.TENSORS.of("tensors"));
          }
        }
      }
      if (parser.nextToken() != null) {
        throw new FormatException(file, "something follows the object that the header should be");
      }
    } catch (JacksonException e) {
      throw new FormatException(file, "its header is not JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new FormatException(file, "its header is not UTF-8", e);
    }
    checkLayout(dataSize);
  }

  /**
   * The bytes of a header, padded to a multiple of eight.
   *
   * @throws IllegalArgumentException if a tensor is named {@code __metadata__}
   */
  static byte[] encode(List<Entry> entries, Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Entry entry : entries) {
        if (entry.name.equals(METADATA)) {
          throw new IllegalArgumentException("a tensor must not be named " + METADATA);
        }
        json.writeObjectFieldStart(entry.name);
        json.writeStringField("dtype", entry.type.name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape, 0, entry.shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.begin, entry.end}, 0, 2);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while (out.size() % 8 != 0) {
      out.write(' ');
    }
    return out.toByteArray();
  }

  /** The tensors in the order of their bytes. */
  List<Entry> entries() {
    return entries;
  }

  /** The dtypes of the tensors of type OTHER, by their names. */
  Map<String, String> others() {
    return others;
  }

  /** The free-form strings. */
  Map<String, String> metadata() {
    return metadata;
  }

  private void readMetadata(JsonParser parser) throws IOException {
    expect(parser.currentToken(), JsonToken.START_OBJECT, METADATA, "");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + ".", key);
      metadata.put(key, parser.getText());
      if (metadata.size() > FileLimit.TENSORS.value()) {
        throw new FormatException(
            file, "has more than " + FileLimit.TENSORS.of("strings under " + METADATA));
      }
    }
  }

  private Entry readEntry(JsonParser parser, String name) throws IOException {
    String what = "tensor " + name;
    expect(parser.currentToken(), JsonToken.START_OBJECT, what, "");
    ElementType type = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(token, JsonToken.VALUE_STRING, what, ": dtype");
          type = type(name, parser.getText());
        }
        case "shape" -> shape = readIntegers(parser, what, ": shape");
        case "data_offsets" -> offsets = readIntegers(parser, what, ": data_offsets");
        default -> throw new FormatException(file, what + " has an unknown property " + key);
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw new FormatException(
          file, what + " needs a dtype, a shape and two data_offsets in the header");
    }
    int[] extents = new int[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      extents[axis] = Elements.extent(file, what, shape[axis]);
    }
    return new Entry(name, type, extents, offsets[0], offsets[1]);
  }

  private ElementType type(String name, String dtype) throws FormatException {
    for (ElementType type : ElementType.values()) {
      if (type != ElementType.OTHER && type.name().equals(dtype)) {
        return type;
      }
    }
    if (OTHER_BITS.containsKey(dtype)) {
      others.put(name, dtype);
      return ElementType.OTHER;
    }
    List<ElementType> known = new ArrayList<>(List.of(ElementType.values()));
    known.remove(ElementType.OTHER);
    throw new FormatException(
        file, "tensor " + name + " has dtype " + dtype + ", expected one of " + known);
  }

  private long[] readIntegers(JsonParser parser, String what, String key) throws IOException {
    expect(parser.currentToken(), JsonToken.START_ARRAY, what, key);
    int n = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what, key);
      if (n == integers.length) {
        throw new FormatException(file, what + key + " has more than " + n + " numbers");
      }
      integers[n++] = parser.getLongValue();
    }
    return Arrays.copyOf(integers, n);
  }

  /** The two parts of the name are put together only where they are needed. */
  private void expect(JsonToken found, JsonToken wanted, String what, String key)
      throws FormatException {
    if (found != wanted) {
      throw new FormatException(
          file, what + key + " is " + word(found) + " in the header, expected " + word(wanted));
    }
  }

  private static String word(JsonToken token) {
    if (token == null) {
      return "missing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "an integer";
      case VALUE_NUMBER_FLOAT -> "a fraction";
      default -> token.asString();
    };
  }

  /** Ranges must fit their shapes and, put end to end, fill the rest of the file. */
  private void checkLayout(long dataSize) throws FormatException {
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long position = 0;
    for (Entry entry : entries) {
      String what = "tensor " + entry.name;
      long count = Elements.count(file, what, entry.shape);
      boolean other = entry.type == ElementType.OTHER;
      long size =
          other
              ? (count * OTHER_BITS.get(others.get(entry.name)) + 7) / 8
              : count * entry.type.bytes();
      if (entry.begin != position) {
        throw new FormatException(
            file, what + " begins at byte " + entry.begin + " of the data, expected " + position);
      }
      if (entry.end < entry.begin || entry.end - entry.begin != size) {
        throw new FormatException(
            file,
            what
                + " ends at byte "
                + entry.end
                + " of the data, its dtype and shape need it to end at "
                + (entry.begin + size));
      }
      position = entry.end;
    }
    if (position != dataSize) {
      throw new FormatException(
          file, "its tensors need " + position + " bytes, the file has " + dataSize);
    }
  }
}
