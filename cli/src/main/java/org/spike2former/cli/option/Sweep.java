package org.spike2former.cli.option;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.spike2former.cli.console.Lines;
import org.spike2former.data.config.StrictYaml;

/** Values of keys, {@code a.b=1,2,3}, and the runs with each of them, or each of their pairs. */
public final class Sweep {
  /**
   * One of the runs.
   *
   * @param name of its folder, such as "optimizer.lr=0.001,train.batch=4"
   * @param overrides {@code key=value} each
   */
  public record Variant(String name, List<String> overrides) {}

  private Sweep() {}

  /**
   * All combinations, the last key's values changing first.
   *
   * @param sweeps {@code key=value,value…} each; values are YAML
   * @throws IllegalArgumentException "--sweep a.b=…: what is wrong"
   */
  public static List<Variant> variants(List<String> sweeps) {
    List<Variant> variants = List.of(new Variant("", List.of()));
    Set<String> keys = new HashSet<>();
    for (String sweep : sweeps) {
      int equals = sweep.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("--sweep " + sweep + ": expected key=value,value…");
      }
      String key = sweep.substring(0, equals);
      if (!keys.add(key) || key.equals("output") || key.startsWith("output.")) {
        throw new IllegalArgumentException(
            "--sweep "
                + sweep
                + (key.startsWith("output")
                    ? ": each run gets a folder of its own below output"
                    : ": the key is there twice"));
      }
      List<JsonNode> values = values(sweep, sweep.substring(equals + 1));
      List<Variant> more = new ArrayList<>();
      for (Variant variant : variants) {
        for (JsonNode value : values) {
          more.add(with(variant, key, value));
        }
      }
      variants = more;
    }
    Set<String> names = new HashSet<>();
    for (Variant variant : variants) {
      if (!names.add(variant.name)) {
        throw new IllegalArgumentException(
            "--sweep: two runs would have the folder " + variant.name);
      }
    }
    return variants;
  }

  private static List<JsonNode> values(String sweep, String text) {
    JsonNode list;
    try {
      list = StrictYaml.read(("[" + text + "]").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException("--sweep " + sweep + ": " + e.getMessage(), e);
    }
    if (!list.isArray() || list.isEmpty()) {
      throw new IllegalArgumentException("--sweep " + sweep + ": expected at least one value");
    }
    List<JsonNode> values = new ArrayList<>();
    list.forEach(values::add);
    return values;
  }

  private static Variant with(Variant variant, String key, JsonNode value) {
    String text =
        value.isNumber()
            ? Lines.number(value.asDouble())
            : value.isValueNode() ? value.asText() : value.toString().replace("\"", "");
    String part = (key + "=" + text).replaceAll("[^\\w.=+,\\[\\]-]+", "-");
    List<String> overrides = new ArrayList<>(variant.overrides);
    overrides.add(key + "=" + value);
    return new Variant(variant.name.isEmpty() ? part : variant.name + "," + part, overrides);
  }
}
