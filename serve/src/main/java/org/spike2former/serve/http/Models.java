package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.spike2former.data.ClassTable;
import org.spike2former.data.config.Ranges;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.serve.compute.ServedModel;

/**
 * The models that are served.
 *
 * @param all the first is taken where a request names none
 */
public record Models(List<ServedModel> all) implements Endpoint {
  /** Copies the list. */
  public Models {
    all = List.copyOf(all);
  }

  /** The model of that name; null: the first. */
  ServedModel named(String name) throws HttpProblem {
    if (name == null) {
      return all.getFirst();
    }
    return all.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new HttpProblem(
                    400,
                    "there is no model "
                        + name
                        + "; there are "
                        + String.join(", ", all.stream().map(ServedModel::name).toList())));
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode list = json.putArray("models");
    all.forEach(model -> list.add(describe(model)));
    exchange.send(Answer.json(json));
  }

  private static ObjectNode describe(ServedModel model) {
    ModelConfig config = model.network().config();
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", model.name());
    json.put("backbone", config.backbone().type());
    json.put("parameters", model.network().parameters().count(""));
    json.put("time_steps", config.backbone().timeSteps());
    json.put("queries", config.queries());
    ArrayNode tasks = json.putArray("tasks");
    model.tasks().forEach(task -> tasks.add(Ranges.word(task)));
    ArrayNode classes = json.putArray("classes");
    ClassTable table = model.classes();
    for (int k = 0; k < table.size(); k++) {
      ObjectNode entry = classes.addObject().put("index", k).put("name", table.names().get(k));
      entry.put("color", String.format(Locale.ROOT, "#%06x", table.color(k)));
      entry.put("thing", k < table.things());
    }
    return json;
  }
}
