package org.spike2former.serve.http;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.spike2former.serve.compute.Heard;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.snn.energy.EnergyCosts;

/** What is counted for {@code /metrics}. */
public final class Metrics {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EnergyCosts costs;

  /** Counts from nought. */
  public Metrics(Turnstile turnstile, EnergyCosts costs) {
    this.costs = costs;
    Gauge.builder("s2f.images.waiting", turnstile, Turnstile::waiting)
        .description("Images that wait to be computed")
        .register(registry);
    Gauge.builder("s2f.images.present", turnstile, Turnstile::callers)
        .description("Images that wait or are computed")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** A request has been answered; clients may make up methods, but not names of counters. */
  void answered(String path, String method, int status, long nanos) {
    Timer.builder("s2f.requests")
        .description("Requests and the time to their answers")
        .tags("path", path, "method", METHODS.contains(method) ? method : "other")
        .tag("status", Integer.toString(status))
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(10))
        .maximumExpectedValue(Duration.ofMinutes(1))
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  /** A network has run. */
  void ran(ServedModel model, Heard heard) {
    summary("s2f.image.spikes", "Spikes of an image", model).record(heard.spikes());
    double energy = heard.whole(model).sum(heard.energy(costs)::energy);
    summary("s2f.image.energy.millijoules", "Energy of an image by the paper's model", model)
        .record(energy);
  }

  private DistributionSummary summary(String name, String description, ServedModel model) {
    return DistributionSummary.builder(name)
        .description(description)
        .tag("model", model.name())
        .publishPercentiles(0.5, 0.95)
        .register(registry);
  }

  /** In Prometheus's text format. */
  Answer answer() {
    byte[] text = registry.scrape().getBytes(StandardCharsets.UTF_8);
    return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", text, Map.of());
  }

  /** What energy is reckoned with. */
  EnergyCosts costs() {
    return costs;
  }
}
