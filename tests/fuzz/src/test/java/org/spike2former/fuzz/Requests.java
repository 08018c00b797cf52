package org.spike2former.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.spike2former.fuzz.seed.Repository;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.http.ImageLimits;
import org.spike2former.serve.http.Metrics;
import org.spike2former.serve.http.Models;
import org.spike2former.serve.http.Problems;
import org.spike2former.serve.http.Routes;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.tensor.Backend;

/**
 * Sends the file as what a client sends, to a service without a socket. What that takes is not
 * measured, as other threads do it; there has to be an end to it in time, and no answer may be an
 * error of the service.
 */
final class Requests implements Reader {
  private static final int MOST_BYTES = 1 << 16;
  private static final long SECONDS = 20;

  /** How long a request that is not whole is waited for; it comes at once. */
  private static final long IDLE_MILLISECONDS = 500;

  private LocalConnector connector;

  @Override
  public void read(Path file, Content content) throws IOException {
    if (connector == null) {
      connector = start();
    }
    String answer;
    try {
      ByteBuffer request = ByteBuffer.wrap(Files.readAllBytes(file));
      ByteBuffer found = connector.getResponse(request, SECONDS, TimeUnit.SECONDS);
      answer = found == null ? "" : StandardCharsets.ISO_8859_1.decode(found).toString();
    } catch (Exception e) {
      throw new IllegalStateException("no answer", e);
    }
    if (answer.startsWith("HTTP/1.1 500")) {
      throw new IllegalStateException(answer);
    }
    if (!answer.startsWith("HTTP/1.1 200")) {
      throw new IOException(file + ": " + answer);
    }
  }

  private static LocalConnector start() throws IOException {
    ServedModel model = ServedModel.load(Repository.ROOT.resolve("models/camvid"));
    Turnstile turnstile = new Turnstile(1, 1, Backend.AUTO, 1);
    Metrics metrics = new Metrics(turnstile, new EnergyCosts("none", 1, 1, "none"));
    Server server = new Server();
    LocalConnector connector = new LocalConnector(server);
    connector.setIdleTimeout(IDLE_MILLISECONDS);
    server.addConnector(connector);
    ImageLimits limits = new ImageLimits(MOST_BYTES, Duration.ofSeconds(SECONDS / 2));
    server.setHandler(new Routes(new Models(List.of(model)), turnstile, metrics, limits));
    server.setErrorHandler(new Problems());
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return connector;
  }
}
