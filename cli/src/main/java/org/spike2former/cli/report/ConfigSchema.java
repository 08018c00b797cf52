package org.spike2former.cli.report;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigPart;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spike2former.data.config.Range;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.dataset.Classes;
import org.spike2former.data.dataset.DataSection;
import org.spike2former.data.dataset.DatasetType;
import org.spike2former.data.dataset.InferenceSection;
import org.spike2former.data.transform.Pad;
import org.spike2former.data.transform.PhotometricDistortion;
import org.spike2former.data.transform.Pipeline;
import org.spike2former.data.transform.RandomFlip;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.train.config.InitConfig;
import org.spike2former.train.config.LoopConfig;
import org.spike2former.train.config.OutputConfig;
import org.spike2former.train.config.ScheduleConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.loss.CriterionConfig;
import org.spike2former.train.optimiser.AdamWConfig;

/**
 * The JSON Schema of a kind of configuration file, from the records that it is read into. What only
 * holds between keys, such as a crop that needs mode {@code slide}, is not in it.
 */
public enum ConfigSchema {
  /** A training: {@code configs/NAME.yaml}. */
  TRAIN(TrainConfig.Keys.class),
  /** A data set: {@code configs/datasets/NAME.yaml}. */
  DATASET(DataSection.class),
  /** A network: {@code model.json}. */
  MODEL(ModelConfig.class);

  /** Strings of which only some are allowed, by record and component. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          word(DataSection.class, "type"), DatasetType.NAMES,
          word(ModelConfig.BackboneConfig.class, "type"), List.of("sdtv2", "sdtv3"),
          word(ModelConfig.class, "preset"), List.of("paper", "release", "own"),
          word(LoopConfig.class, "precision"), List.of("f32", "f64"));

  /** Records with nothing but defaults in what need not be given. */
  private static final Map<Class<?>, Record> DEFAULTS =
      Stream.of(
              new InitConfig(null, null, null, null, null, null),
              AdamWConfig.defaults(),
              new AdamWConfig.Group("", null, null),
              new ScheduleConfig(null, null, null, null, null, null),
              CriterionConfig.RELEASE,
              new LoopConfig(
                  1, 1, null, null, null, null, null, null, null, null, null, null, null),
              new OutputConfig(Path.of(""), null),
              new DataSection.Loader(null, null),
              new InferenceSection(null, null, null, null, null),
              new RandomFlip(null),
              new PhotometricDistortion(null, null, null, null),
              new Pad(null, null))
          .collect(Collectors.toMap(Record::getClass, record -> record));

  /** Keys whose default is of the machine or of another key. */
  private static final Set<String> DEPENDENT =
      Set.of(word(LoopConfig.class, "threads"), word(CriterionConfig.class, "classCost"));

  private final Class<? extends Record> type;

  ConfigSchema(Class<? extends Record> type) {
    this.type = type;
  }

  /** The schema, draft 7, which editors know. */
  public String text() {
    SchemaGeneratorConfigBuilder builder =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
            .with(new JacksonModule(JacksonOption.RESPECT_JSONPROPERTY_REQUIRED))
            .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT);
    builder.forTypesInGeneral().withCustomDefinitionProvider(ConfigSchema::definition);
    describe(builder.forFields());
    ObjectNode schema = new SchemaGenerator(builder.build()).generateSchema(type);
    ObjectNode whole =
        switch (this) {
          case TRAIN -> {
            JsonNode model = schema.at("/properties/model/anyOf/1");
            BaseSchema.relax((ObjectNode) model.at("/properties/head"), "classes");
            yield BaseSchema.of(schema, List.of("model", "data"));
          }
          case DATASET -> BaseSchema.of(schema, List.of());
          case MODEL -> schema;
        };
    return whole.toPrettyString() + "\n";
  }

  private static void describe(SchemaGeneratorConfigPart<FieldScope> fields) {
    fields
        .withPropertyNameOverrideResolver(ConfigSchema::key)
        .withTargetTypeOverridesResolver(ConfigSchema::alternatives)
        .withEnumResolver(
            field -> WORDS.get(word(field.getMember().getDeclaringType().getErasedType(), field)))
        .withDefaultResolver(ConfigSchema::defaultOf)
        .withArrayMinItemsResolver(ConfigSchema::size)
        .withArrayMaxItemsResolver(ConfigSchema::size)
        .withNumberInclusiveMinimumResolver(
            field -> limit(field, range -> !range.aboveMin(), Range::min))
        .withNumberExclusiveMinimumResolver(field -> limit(field, Range::aboveMin, Range::min))
        .withNumberInclusiveMaximumResolver(
            field -> limit(field, range -> !range.belowMax(), Range::max))
        .withNumberExclusiveMaximumResolver(field -> limit(field, Range::belowMax, Range::max));
  }

  private static String word(Class<?> owner, Object field) {
    String name = field instanceof FieldScope scope ? scope.getDeclaredName() : field.toString();
    return owner.getName() + "." + name;
  }

  private static Optional<RecordComponent> component(FieldScope field) {
    return Arrays.stream(field.getMember().getDeclaringType().getErasedType().getRecordComponents())
        .filter(component -> component.getName().equals(field.getDeclaredName()))
        .findFirst();
  }

  private static String key(FieldScope field) {
    return component(field).map((RecordComponent component) -> Ranges.key(component)).orElse(null);
  }

  /** What a key is that is not given; null if that is nothing, or depends on more than the key. */
  private static Object defaultOf(FieldScope field) {
    Class<?> owner = field.getMember().getDeclaringType().getErasedType();
    RecordComponent component = component(field).orElse(null);
    if (component == null
        || field.isFakeContainerItemScope()
        || Ranges.isRequired(component)
        || !DEFAULTS.containsKey(owner)
        || DEPENDENT.contains(word(owner, field))) {
      return null;
    }
    try {
      Object value = component.getAccessor().invoke(DEFAULTS.get(owner));
      return value instanceof Enum<?> word ? Ranges.word(word) : value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(owner + ": " + field.getDeclaredName(), e);
    }
  }

  /** A network and a data set may be a name, an output a path, and some lists a single value. */
  private static List<ResolvedType> alternatives(FieldScope field) {
    if (field.isFakeContainerItemScope()) {
      return null;
    }
    Class<?> type = field.getType().getErasedType();
    if (type == ModelConfig.class || type == DataSection.class || type == OutputConfig.class) {
      return List.of(field.getContext().resolve(String.class), field.getType());
    }
    JsonFormat format = field.getAnnotationConsideringFieldAndGetter(JsonFormat.class);
    if (format != null && Collection.class.isAssignableFrom(type)) {
      return List.of(field.getContainerItemType(), field.getType());
    }
    return null;
  }

  private static Integer size(FieldScope field) {
    Range range = field.getAnnotationConsideringFieldAndGetter(Range.class);
    return range == null || range.size() == 0 || !field.isContainerType() ? null : range.size();
  }

  private static BigDecimal limit(
      FieldScope field, Predicate<Range> applies, Function<Range, Double> limit) {
    Range range = field.getAnnotationConsideringFieldAndGetter(Range.class);
    if (range == null || field.isContainerType() || !applies.test(range)) {
      return null;
    }
    double value = limit.apply(range);
    return Double.isInfinite(value) ? null : BigDecimal.valueOf(value).stripTrailingZeros();
  }

  private static CustomDefinition definition(ResolvedType type, SchemaGenerationContext context) {
    ObjectNode node = context.getGeneratorConfig().createObjectNode();
    Class<?> plain = type.getErasedType();
    if (plain == Path.class) {
      return new CustomDefinition(node.put("type", "string"), true);
    }
    if (plain.isEnum()) {
      ArrayNode words = node.put("type", "string").putArray("enum");
      for (Object constant : plain.getEnumConstants()) {
        words.add(Ranges.word((Enum<?>) constant));
      }
      return new CustomDefinition(node, true);
    }
    if (plain == Classes.class) {
      ArrayNode either = node.putArray("anyOf");
      either.addObject().put("type", "string");
      either.addObject().put("type", "array").putObject("items").put("type", "string");
      return new CustomDefinition(node, true);
    }
    return plain == Pipeline.class ? new CustomDefinition(pipeline(node, context), true) : null;
  }

  /** Each step is a name, or an object with the name as its only key. */
  private static ObjectNode pipeline(ObjectNode node, SchemaGenerationContext context) {
    ArrayNode either = node.put("type", "array").putObject("items").putArray("anyOf");
    ArrayNode names = either.addObject().put("type", "string").putArray("enum");
    ObjectNode keyed = either.addObject().put("type", "object");
    ObjectNode steps = keyed.putObject("properties");
    Pipeline.NAMES.forEach(
        (name, step) -> {
          boolean needsKeys =
              Arrays.stream(step.getRecordComponents()).anyMatch(Ranges::isRequired);
          ResolvedType resolved = context.getTypeContext().resolve(step);
          ObjectNode keys = context.createDefinition(resolved);
          if (needsKeys) {
            steps.set(name, keys);
          } else {
            names.add(name);
            ArrayNode optional = steps.putObject(name).putArray("anyOf");
            optional.add(keys);
            optional.addObject().put("type", "null");
          }
        });
    keyed.put("additionalProperties", false).put("minProperties", 1).put("maxProperties", 1);
    return node;
  }
}
