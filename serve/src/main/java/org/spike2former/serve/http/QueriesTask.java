package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Set;
import org.spike2former.data.ScoreMap;
import org.spike2former.model.Keep;
import org.spike2former.model.panoptic.QueryMasks;
import org.spike2former.serve.compute.Engine;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.compute.Variant;

/** {@code POST /v1/queries}: what each query of the network found, its class and its mask. */
record QueriesTask(Models models, Metrics metrics) implements ImageTask {
  /** From here on a pixel is in a mask. */
  private static final float INSIDE = 0.5f;

  @Override
  public Turnstile.Work<Answer> work(ImageRequest request, Exchange exchange) throws HttpProblem {
    Parameters parameters = request.parameters();
    parameters.requireAmong(Set.of("model"));
    ServedModel model = models.named(parameters.text("model"));
    requireQueries(model);
    exchange.accepted(List.of(Answer.JSON));
    return slot -> {
      BufferedImage image = request.decode();
      Engine engine = slot.engine(model, Variant.PLAIN);
      QueryMasks found = engine.segmenter().segment(image, Keep.QUERIES).queries();
      metrics.ran(model, engine.heard());
      ObjectNode json = JsonNodeFactory.instance.objectNode().put("model", model.name());
      json.put("width", image.getWidth()).put("height", image.getHeight());
      ArrayNode list = json.putArray("queries");
      for (int query = 0; query < found.size(); query++) {
        list.add(describe(found, query, model.classes().names()));
      }
      return Answer.json(json);
    };
  }

  /** Refuses a model whose head has none. */
  static void requireQueries(ServedModel model) throws HttpProblem {
    if (model.network().config().queries() == 0) {
      throw new HttpProblem(
          422,
          "the head of model "
              + model.name()
              + " has no queries, so this model does semantic segmentation alone");
    }
  }

  private static ObjectNode describe(QueryMasks found, int query, List<String> names) {
    int best = found.best(query);
    ScoreMap mask = found.maskAsSeen(query);
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("query", query);
    if (best == names.size()) {
      json.putNull("index").put("name", "no object");
    } else {
      json.put("index", best).put("name", names.get(best));
    }
    json.put("probability", found.probabilities(query)[best]);
    int inside = 0;
    for (float value : mask.values()) {
      inside += value >= INSIDE ? 1 : 0;
    }
    json.put("share", (double) inside / mask.values().length);
    return json.put("mask", Answer.png(mask.toImage()));
  }
}
