package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Set;
import org.spike2former.model.network.PartNames;
import org.spike2former.model.report.CostTable;
import org.spike2former.model.report.FiringReport;
import org.spike2former.serve.compute.Engine;
import org.spike2former.serve.compute.Heard;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.compute.Variant;
import org.spike2former.snn.energy.EnergyModel;
import org.spike2former.tensor.NetworkPart;

/**
 * {@code POST /v1/firing}: what {@code s2f firing} counts in the image, and what {@code s2f cost}
 * makes of it.
 */
record FiringTask(Models models, Metrics metrics) implements ImageTask {
  /** As the command has it, unless it is told otherwise. */
  private static final double DEGRADED = 0.01;

  @Override
  public Turnstile.Work<Answer> work(ImageRequest request, Exchange exchange) throws HttpProblem {
    Parameters parameters = request.parameters();
    parameters.requireAmong(Set.of("model", "degraded"));
    ServedModel model = models.named(parameters.text("model"));
    double degraded = parameters.number("degraded", 0, 1, DEGRADED);
    exchange.accepted(List.of(Answer.JSON));
    return slot -> {
      BufferedImage image = request.decode();
      Engine engine = slot.engine(model, Variant.PLAIN);
      long start = System.nanoTime();
      engine.segmenter().segment(image);
      double seconds = (System.nanoTime() - start) / 1e9;
      Heard heard = engine.heard();
      metrics.ran(model, heard);
      ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model.name());
      json.put("width", image.getWidth()).put("height", image.getHeight());
      json.put("seconds", seconds).put("backend", engine.segmenter().describe());
      json.put("spikes", heard.spikes());
      json.setAll(new FiringReport(heard.layers(), degraded).json());
      for (JsonNode layer : json.get("layers")) {
        place((ObjectNode) layer);
      }
      json.set("cost", cost(heard, model));
      return Answer.json(json);
    };
  }

  /** Says where in the network a layer is. */
  static void place(ObjectNode layer) {
    String name = layer.get("name").asText();
    NetworkPart part = PartNames.of(name).orElseThrow();
    layer.put("part", part.title());
    layer.put("stage", name.substring(PartNames.prefix(part).length()).replaceFirst("\\..*", ""));
  }

  private ObjectNode cost(Heard heard, ServedModel model) {
    EnergyModel energy = heard.energy(metrics.costs());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("costs", CostTable.json(energy.costs()));
    json.set("inference", CostTable.json(List.of(heard.whole(model)), energy, false).get(0));
    json.set("parts", CostTable.json(heard.parts(model), energy, true));
    return json;
  }
}
