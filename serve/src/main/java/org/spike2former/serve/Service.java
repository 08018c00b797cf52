package org.spike2former.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.spike2former.serve.compute.ServedModel;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.serve.http.ImageLimits;
import org.spike2former.serve.http.Metrics;
import org.spike2former.serve.http.Models;
import org.spike2former.serve.http.Problems;
import org.spike2former.serve.http.Routes;

/**
 * Segmentation over HTTP, at the address that its options name, until it is stopped. What there is
 * to ask for, {@code /openapi.json} says; people take the page at {@code /}.
 */
public final class Service implements AutoCloseable {
  /** How long a client may send or take nothing. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private static final int LISTENERS = 8;

  private final Server server;
  private final ServerConnector connector;
  private final Turnstile turnstile;

  private Service(Server server, ServerConnector connector, Turnstile turnstile) {
    this.server = server;
    this.connector = connector;
    this.turnstile = turnstile;
  }

  /**
   * Loads models and listens.
   *
   * @param folders of models; the first is taken where a request names none
   * @throws IOException naming what is missing or wrong in a folder, or the address if it is taken
   * @throws IllegalArgumentException if two folders have one name
   * @throws IllegalStateException if the backend cannot be had
   */
  public static Service start(List<Path> folders, ServiceOptions options) throws IOException {
    List<ServedModel> models = new ArrayList<>();
    for (Path folder : folders) {
      ServedModel model = ServedModel.load(folder);
      if (models.stream().anyMatch(other -> other.name().equals(model.name()))) {
        throw new IllegalArgumentException("two models have the name " + model.name());
      }
      models.add(model);
    }
    Turnstile turnstile =
        new Turnstile(
            options.workers(), options.queue(), options.backend(), options.threadsOfWorker());
    try {
      turnstile.prepare(models);
      Server server = new Server(threads());
      ServerConnector connector = connector(server, options);
      Metrics metrics = new Metrics(turnstile, options.costs());
      ImageLimits limits = new ImageLimits(options.maxBodyBytes(), options.timeLimit());
      server.setHandler(new Routes(new Models(models), turnstile, metrics, limits));
      server.setErrorHandler(new Problems());
      Service service = new Service(server, connector, turnstile);
      service.listen(options);
      return service;
    } catch (IOException | RuntimeException e) {
      turnstile.close();
      throw e;
    }
  }

  /** A few threads that listen; each request gets a virtual one, which may wait. */
  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(LISTENERS);
    threads.setName("s2f-http");
    threads.setVirtualThreadsExecutor(
        VirtualThreads.getNamedVirtualThreadsExecutor("s2f-request-"));
    return threads;
  }

  private static ServerConnector connector(Server server, ServiceOptions options) {
    HttpConfiguration config = new HttpConfiguration();
    config.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(config));
    connector.setHost(options.host());
    connector.setPort(options.port());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.addBean(new NetworkConnectionLimit(options.connections(), connector));
    server.addConnector(connector);
    return connector;
  }

  private void listen(ServiceOptions options) throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      close();
      String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException(options.host() + ":" + options.port() + ": " + reason, e);
    }
  }

  /** Where it listens. */
  public URI address() {
    String host = connector.getHost();
    String named = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + named + ":" + connector.getLocalPort() + "/");
  }

  /** Whether this machine alone can reach it. */
  public boolean isLocal() {
    return new InetSocketAddress(connector.getHost(), 0).getAddress().isLoopbackAddress();
  }

  /**
   * Refuses new images, waits for those that have come, and ends.
   *
   * @param limit after which computations are broken off
   * @return whether all images were answered
   */
  public boolean stop(Duration limit) {
    boolean answered = turnstile.stop(limit);
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server could not be stopped", e);
    }
    return answered;
  }

  /** Ends at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
