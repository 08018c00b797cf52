package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spike2former.data.Task;
import org.spike2former.data.config.Ranges;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.model.report.CostTable;
import org.spike2former.serve.compute.Engine;
import org.spike2former.serve.compute.Heard;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.compute.Variant;
import org.spike2former.snn.energy.EnergyModel;

/** {@code POST /v1/segment}: what {@code s2f segment --json --digest} finds. */
record SegmentTask(Models models, Metrics metrics) implements ImageTask {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "task",
          "weights",
          "arithmetic",
          "precision",
          "picture",
          Found.OVERLAY,
          Found.LABELS,
          Found.CONFIDENCE,
          "opacity",
          "legend");

  /**
   * What the request asks for.
   *
   * @param picture the answer, or null for JSON
   */
  private record Wanted(
      ServedModel model,
      Variant variant,
      Task task,
      OverlayStyle style,
      String picture,
      boolean overlay,
      boolean labels,
      boolean confidence) {}

  @Override
  public Turnstile.Work<Answer> work(ImageRequest request, Exchange exchange) throws HttpProblem {
    Wanted wanted = wanted(request.parameters(), exchange);
    return slot -> {
      BufferedImage image = request.decode();
      Engine engine = slot.engine(wanted.model, wanted.variant);
      long start = System.nanoTime();
      boolean confidence = wanted.confidence || Found.CONFIDENCE.equals(wanted.picture);
      Found found = Found.in(image, engine.segmenter(), wanted.task, wanted.style, confidence);
      double seconds = (System.nanoTime() - start) / 1e9;
      Heard heard = engine.heard();
      if (heard != null) {
        metrics.ran(wanted.model, heard);
      }
      if (wanted.picture != null) {
        return new Answer(
            200,
            Answer.PNG,
            Answer.png(found.pictures().get(wanted.picture).get()),
            Map.of("S2F-Digest", found.facts().get("digest").asText()));
      }
      ObjectNode json = facts(wanted, engine, image, seconds);
      json.setAll(found.facts());
      addExtras(json, found, wanted);
      if (heard != null) {
        addSpikes(json, heard, wanted.model);
      }
      return Answer.json(json);
    };
  }

  private Wanted wanted(Parameters parameters, Exchange exchange) throws HttpProblem {
    parameters.requireAmong(KNOWN);
    ServedModel model = models.named(parameters.text("model"));
    Task task = parameters.choice("task", Task.SEMANTIC);
    if (task != Task.SEMANTIC) {
      QueriesTask.requireQueries(model);
    }
    if (!model.tasks().contains(task)) {
      throw new HttpProblem(
          422,
          "the classes of model "
              + model.name()
              + " name no things, so this model does semantic segmentation alone");
    }
    String type = exchange.accepted(List.of(Answer.JSON, Answer.PNG));
    String picture = parameters.text("picture");
    if (picture != null && !Found.hasPicture(task, picture)) {
      throw new HttpProblem(
          400, "picture: task " + Ranges.word(task) + " has no picture " + picture);
    }
    boolean labels = parameters.flag(Found.LABELS, false);
    boolean confidence = parameters.flag(Found.CONFIDENCE, false);
    if (confidence && task != Task.SEMANTIC || labels && task == Task.INSTANCE) {
      throw new HttpProblem(400, "confidence and labels do not go with task " + Ranges.word(task));
    }
    return new Wanted(
        model,
        variant(parameters),
        task,
        new OverlayStyle(
            parameters.number("opacity", 0, 1, OverlayStyle.USUAL.opacity()),
            parameters.flag("legend", OverlayStyle.USUAL.legend())),
        type.equals(Answer.JSON) ? null : picture == null ? Found.OVERLAY : picture,
        parameters.flag(Found.OVERLAY, false),
        labels,
        confidence);
  }

  private static Variant variant(Parameters parameters) throws HttpProblem {
    Variant usual = Variant.PLAIN;
    try {
      return new Variant(
          parameters.choice("weights", usual.weights()),
          parameters.choice("arithmetic", usual.arithmetic()),
          parameters.choice("precision", usual.precision()));
    } catch (IllegalArgumentException e) {
      throw new HttpProblem(400, e.getMessage());
    }
  }

  private static ObjectNode facts(
      Wanted wanted, Engine engine, BufferedImage image, double seconds) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", wanted.model.name()).put("task", Ranges.word(wanted.task));
    json.put("weights", Ranges.word(wanted.variant.weights()));
    json.put("arithmetic", Ranges.word(wanted.variant.arithmetic()));
    json.put("precision", Ranges.word(wanted.variant.precision()));
    json.put("width", image.getWidth()).put("height", image.getHeight());
    json.put("seconds", seconds).put("backend", engine.segmenter().describe());
    return json;
  }

  private static void addExtras(ObjectNode json, Found found, Wanted wanted) {
    if (wanted.overlay) {
      json.put(Found.OVERLAY, Answer.png(found.pictures().get(Found.OVERLAY).get()));
    }
    if (wanted.confidence) {
      json.put(Found.CONFIDENCE, Answer.png(found.pictures().get(Found.CONFIDENCE).get()));
    }
    if (wanted.labels) {
      json.set(Found.LABELS, found.map().get());
    }
  }

  private void addSpikes(ObjectNode json, Heard heard, ServedModel model) {
    EnergyModel energy = heard.energy(metrics.costs());
    CostTable.PartCost whole = heard.whole(model);
    json.put("spikes", heard.spikes());
    json.put("energy_mj", whole.sum(energy::energy));
    json.put("ann_energy_mj", whole.annSum(energy::annEnergy));
  }
}
