package org.spike2former.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.tensor.Backend;

/** A service for tests, and a client of it. */
final class TestService implements AutoCloseable {
  static final Path ROOT =
      Path.of(System.getProperty("s2f.root", "..")).toAbsolutePath().normalize();
  static final EnergyCosts COSTS = new EnergyCosts("45 nm", 4.6, 0.9, "the paper");
  static final JsonMapper JSON = new JsonMapper();

  final Service service;
  final HttpClient client = HttpClient.newHttpClient();

  private TestService(Service service) {
    this.service = service;
  }

  static TestService start(int workers, int queue, int maxBody, Duration limit, String... models)
      throws IOException {
    ServiceOptions options =
        new ServiceOptions("127.0.0.1", 0, workers, 2, queue, maxBody, limit, Backend.AUTO, COSTS);
    List<Path> folders = List.of(models).stream().map(ROOT.resolve("models")::resolve).toList();
    return new TestService(Service.start(folders, options));
  }

  static TestService start() throws IOException {
    return start(1, 16, 1 << 20, Duration.ofMinutes(10), "camvid", "camvid-panoptic");
  }

  static byte[] sample(String name) throws IOException {
    return Files.readAllBytes(ROOT.resolve("samples").resolve(name));
  }

  URI uri(String path) {
    return service.address().resolve(path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<byte[]> post(String path, byte[] image) throws Exception {
    return send(
        request(path).header("Content-Type", "image/jpeg").POST(BodyPublishers.ofByteArray(image)));
  }

  static JsonNode json(HttpResponse<byte[]> response) throws IOException {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    client.close();
    service.close();
  }
}
