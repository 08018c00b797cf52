package org.spike2former.data.transform;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.config.BadValueException;
import org.spike2former.data.config.Spelling;

/** A {@link Pipeline} in a file. */
final class PipelineFormat {
  private PipelineFormat() {}

  /** Reads the list of steps. */
  static final class Reader extends StdDeserializer<Pipeline> {
    private static final long serialVersionUID = 1L;
    private static final String EXPECTED =
        "a list of steps, such as \"- random_flip: {probability: 0.5}\"";

    Reader() {
      super(Pipeline.class);
    }

    @Override
    public Pipeline deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode list = context.readTree(parser);
      if (!list.isArray()) {
        throw failure(context, BadValueException.of("", EXPECTED, list));
      }
      List<Record> steps = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        try {
          steps.add(step(list.get(i), context));
        } catch (JsonMappingException e) {
          throw JsonMappingException.wrapWithPath(e, list, i);
        }
      }
      try {
        return Pipeline.of(steps);
      } catch (BadValueException e) {
        throw failure(context, e);
      }
    }

    private static Record step(JsonNode item, DeserializationContext context) throws IOException {
      if (!item.isTextual() && !(item.isObject() && item.size() == 1)) {
        throw failure(context, BadValueException.of("", "one step", item));
      }
      String name = item.isTextual() ? item.textValue() : item.fieldNames().next();
      Class<? extends Record> type = Pipeline.NAMES.get(name);
      if (type == null) {
        String known = Spelling.known(name, Pipeline.NAMES.keySet());
        throw failure(context, new BadValueException("", "unknown step " + name + known));
      }
      JsonNode keys = item.path(name);
      try {
        return context.readTreeAsValue(
            keys.isMissingNode() || keys.isNull() ? context.getNodeFactory().objectNode() : keys,
            type);
      } catch (JsonMappingException e) {
        throw JsonMappingException.wrapWithPath(e, type, name);
      }
    }

    private static JsonMappingException failure(
        DeserializationContext context, BadValueException e) {
      return context.instantiationException(Pipeline.class, e);
    }
  }

  /** Writes the list of steps. */
  static final class Writer extends StdSerializer<Pipeline> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Pipeline.class);
    }

    @Override
    public void serialize(Pipeline pipeline, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartArray();
      for (Transform step : pipeline.steps()) {
        write(step, out, provider);
      }
      if (!pipeline.pad().equals(Pad.NONE)) {
        write(pipeline.pad(), out, provider);
      }
      out.writeEndArray();
    }

    private static void write(Object step, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      provider.defaultSerializeField(Pipeline.name(step.getClass()), step, out);
      out.writeEndObject();
    }
  }
}
