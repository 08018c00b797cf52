package org.spike2former.data.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The one mapper between trees and records: nothing is guessed, dropped or rounded. */
final class StrictMapper {
  /**
   * Whether the text is YAML, in which {@code 1e-3} is a number to people and a text to Jackson.
   */
  static final String IS_YAML = "yaml";

  static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().streamReadConstraints(StrictYaml.CONSTRAINTS).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .addModule(
              new SimpleModule()
                  .addDeserializer(Double.class, new NumberReader(Double.class))
                  .addDeserializer(double.class, new NumberReader(double.class))
                  .addDeserializer(Path.class, new PathReader())
                  .addSerializer(Path.class, new PathWriter())
                  .addSerializer(Enum.class, new EnumWriter()))
          .build();

  private StrictMapper() {}

  private static final class NumberReader extends StdDeserializer<Double> {
    private static final long serialVersionUID = 1L;
    private static final Pattern NUMBER =
        Pattern.compile("[-+]?(\\.\\d+|\\d+(\\.\\d*)?)([eE][-+]?\\d+)?");

    NumberReader(Class<Double> type) {
      super(type);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      boolean isNumber =
          parser.currentToken().isNumeric()
              || parser.hasToken(JsonToken.VALUE_STRING)
                  && Boolean.TRUE.equals(context.getAttribute(IS_YAML))
                  && NUMBER.matcher(parser.getText()).matches();
      double value = isNumber ? Double.parseDouble(parser.getText()) : Double.NaN;
      if (!Double.isFinite(value)) {
        return (Double) context.handleUnexpectedToken(handledType(), parser);
      }
      return value;
    }

    @Override
    public Double getNullValue(DeserializationContext context) throws JsonMappingException {
      return handledType() == Double.class
          ? null
          : context.reportInputMismatch(double.class, "a number is missing");
    }
  }

  private static final class PathReader extends StdDeserializer<Path> {
    private static final long serialVersionUID = 1L;

    PathReader() {
      super(Path.class);
    }

    @Override
    public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Path) context.handleUnexpectedToken(Path.class, parser);
      }
      try {
        return Path.of(parser.getText());
      } catch (InvalidPathException e) {
        throw context.instantiationException(Path.class, e);
      }
    }
  }

  private static final class PathWriter extends StdSerializer<Path> {
    private static final long serialVersionUID = 1L;

    PathWriter() {
      super(Path.class);
    }

    @Override
    public void serialize(Path path, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(path.toString());
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class EnumWriter extends StdSerializer<Enum> {
    private static final long serialVersionUID = 1L;

    EnumWriter() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum constant, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(Ranges.word(constant));
    }
  }
}
