package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.spike2former.data.image.ResizeRule;
import org.spike2former.model.report.FiringReport;
import org.spike2former.serve.compute.Engine;
import org.spike2former.serve.compute.Heard;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.SpikeFilm;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.compute.Variant;
import org.spike2former.snn.firing.LayerFiring;

/** {@code POST /v1/spikes}: one layer's spikes on the image, step by step. */
record SpikesTask(Models models, Metrics metrics) implements ImageTask {
  @Override
  public Turnstile.Work<Answer> work(ImageRequest request, Exchange exchange) throws HttpProblem {
    Parameters parameters = request.parameters();
    parameters.requireAmong(Set.of("model", "layer", "channel"));
    ServedModel model = models.named(parameters.text("model"));
    String layer = parameters.text("layer");
    if (layer == null) {
      throw new HttpProblem(400, "layer: which one? /v1/firing lists them");
    }
    int channel = parameters.integer("channel", 0, SpikeFilm.ALL);
    exchange.accepted(List.of(Answer.JSON));
    return slot -> {
      BufferedImage image = request.decode();
      SpikeFilm film = new SpikeFilm(layer, channel);
      Engine engine = slot.engine(model, Variant.PLAIN);
      engine.tell(film);
      try {
        engine.segmenter().segment(image);
      } finally {
        engine.tell(null);
      }
      metrics.ran(model, engine.heard());
      requireChannel(film, model, layer, channel);
      return Answer.json(describe(film, engine.heard(), model, layer, image));
    };
  }

  private static void requireChannel(SpikeFilm film, ServedModel model, String layer, int channel)
      throws HttpProblem {
    if (!film.isThere()) {
      throw new HttpProblem(
          422,
          "model " + model.name() + " has no neuron layer " + layer + "; /v1/firing lists all");
    }
    if (channel >= film.channels()) {
      throw new HttpProblem(422, "layer " + layer + " has channels 0 to " + (film.channels() - 1));
    }
  }

  private static ObjectNode describe(
      SpikeFilm film, Heard heard, ServedModel model, String layer, BufferedImage image) {
    LayerFiring firing =
        heard.layers().stream().filter(of -> of.name().equals(layer)).findFirst().orElseThrow();
    ObjectNode json = (ObjectNode) new FiringReport(List.of(firing), 0).json().at("/layers/0");
    FiringTask.place(json);
    ArrayNode rates = json.putArray("channel_rates");
    DoubleStream.of(firing.channelRates()).forEach(rates::add);
    int queries = model.network().config().queries();
    SpikeFilm.Frames frames = film.frames(queries, heard.height(), heard.width());
    json.put("of", frames.places() ? "places" : "queries");
    json.put("time_steps", frames.timeSteps());
    json.put("height", frames.height()).put("width", frames.width());
    json.set("photo", photo(model.preprocessing().resize(), heard, image));
    json.put("frames", frames.pixels());
    return json;
  }

  /** What share of the frames' height and width shows the photo; the rest is padding. */
  private static ObjectNode photo(ResizeRule resize, Heard heard, BufferedImage image) {
    double factor = resize == null ? 1 : resize.factor(image.getHeight(), image.getWidth());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("height", (double) ResizeRule.scaled(image.getHeight(), factor) / heard.height());
    json.put("width", (double) ResizeRule.scaled(image.getWidth(), factor) / heard.width());
    return json;
  }
}
