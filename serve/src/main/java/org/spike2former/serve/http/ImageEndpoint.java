package org.spike2former.serve.http;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.compute.Turnstile.Place;

/**
 * An image comes, waits for its turn, and what is computed goes back. The place is held until the
 * answer is on its way, so that a service that stops waits for it.
 */
record ImageEndpoint(Turnstile turnstile, ImageLimits limits, ImageTask task) implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ImageEndpoint.class);

  /** When to come again after a computation that took too long. */
  private static final long RETRY_SECONDS = 5;

  @Override
  public void handle(Exchange exchange) throws Exception {
    try (Place place = turnstile.enter()) {
      ImageRequest request = ImageRequest.read(exchange, limits);
      Turnstile.Work<Answer> work = task.work(request, exchange);
      Answer answer = place.compute(work, limits.time(), exchange::gone);
      exchange.send(answer);
    } catch (Turnstile.Full e) {
      exchange.passOver(limits);
      throw HttpProblem.later(
          429, "all workers are busy and the queue is full (--queue)", e.seconds());
    } catch (Turnstile.Stopping _) {
      exchange.passOver(limits);
      throw HttpProblem.later(503, "the service is stopping", RETRY_SECONDS);
    } catch (TimeoutException _) {
      throw HttpProblem.later(
          503,
          "not done after " + limits.time().toMillis() / 1e3 + " s (--time-limit)",
          RETRY_SECONDS);
    } catch (ExecutionException e) {
      throw problem(e.getCause());
    }
  }

  private static Exception problem(Throwable cause) {
    return switch (cause) {
      case HttpProblem e -> e;
      // Only a service that ends at once breaks off what is computed.
      case CancellationException _ ->
          HttpProblem.later(503, "the service is stopping", RETRY_SECONDS);
      case IllegalArgumentException e -> new HttpProblem(422, "the image: " + e.getMessage());
      case UnsupportedOperationException e -> new HttpProblem(422, e.getMessage());
      case ArithmeticException e -> new HttpProblem(500, "the image: " + e.getMessage());
      case OutOfMemoryError _ ->
          HttpProblem.later(503, "the image: not enough memory for it (-Xmx)", RETRY_SECONDS);
      default -> {
        LOG.error("An image could not be computed", cause);
        yield new HttpProblem(500, "an error of the service; its log says more");
      }
    };
  }
}
