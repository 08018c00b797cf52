package org.spike2former.serve.http;

import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.serve.compute.Turnstile;

/** Finds the endpoint for a request, and turns problems into answers. */
public final class Routes extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private static final Map<String, String> SECURITY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer");

  private final Map<String, Map<String, Endpoint>> endpoints;
  private final Endpoint page = new PageFiles();
  private final Metrics metrics;

  /**
   * Routes to these.
   *
   * @param limits of requests with images
   */
  public Routes(Models models, Turnstile turnstile, Metrics metrics, ImageLimits limits) {
    this.metrics = metrics;
    endpoints =
        Map.of(
            "/v1/models", get(models),
            "/v1/segment", post(turnstile, limits, new SegmentTask(models, metrics)),
            "/v1/firing", post(turnstile, limits, new FiringTask(models, metrics)),
            "/v1/queries", post(turnstile, limits, new QueriesTask(models, metrics)),
            "/v1/spikes", post(turnstile, limits, new SpikesTask(models, metrics)),
            "/healthz", get(exchange -> exchange.send(Answer.text(200, "alive\n"))),
            "/readyz", get(exchange -> exchange.send(ready(turnstile))),
            "/metrics", get(exchange -> exchange.send(metrics.answer())));
  }

  private static Map<String, Endpoint> get(Endpoint endpoint) {
    return Map.of("GET", endpoint, "HEAD", endpoint);
  }

  private static Map<String, Endpoint> post(
      Turnstile turnstile, ImageLimits limits, ImageTask task) {
    return Map.of("POST", new ImageEndpoint(turnstile, limits, task));
  }

  private static Answer ready(Turnstile turnstile) {
    return turnstile.isStopping() ? Answer.text(503, "stopping\n") : Answer.text(200, "ready\n");
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response);
    String path = exchange.path();
    boolean known = endpoints.containsKey(path);
    SECURITY.forEach((name, value) -> response.getHeaders().put(new HttpField(name, value)));
    try {
      answer(exchange);
      callback.succeeded();
    } catch (CancellationException | IOException e) {
      // The client has gone, or stalls: there is nobody to tell, and of this kind Jetty does not
      // warn, which any client could make it do without end.
      LOG.debug("{} could not be answered", path, e);
      callback.failed(new EofException(e));
    }
    metrics.answered(
        known ? path : "page",
        exchange.method(),
        exchange.status(),
        System.nanoTime() - request.getBeginNanoTime());
    return true;
  }

  private void answer(Exchange exchange) throws IOException {
    try {
      endpoint(exchange).handle(exchange);
    } catch (HttpProblem e) {
      exchange.send(e.answer());
    } catch (IOException | CancellationException e) {
      throw e;
    } catch (Exception e) {
      LOG.error("{} {}", exchange.method(), exchange.path(), e);
      exchange.send(new HttpProblem(500, "an error of the service; its log says more").answer());
    }
  }

  private Endpoint endpoint(Exchange exchange) throws HttpProblem {
    String path = exchange.path();
    Map<String, Endpoint> methods =
        endpoints.getOrDefault(path, PageFiles.isName(path) ? get(page) : Map.of());
    if (methods.isEmpty()) {
      throw new HttpProblem(404, "there is nothing at " + path + "; /openapi.json says what is");
    }
    Endpoint endpoint = methods.get(exchange.method());
    if (endpoint == null) {
      String allowed = String.join(", ", new TreeSet<>(methods.keySet()));
      throw new HttpProblem(
          405, path + " takes " + allowed + ", not " + exchange.method(), Map.of("Allow", allowed));
    }
    return endpoint;
  }
}
