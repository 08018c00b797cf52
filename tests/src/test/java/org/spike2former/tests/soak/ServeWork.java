package org.spike2former.tests.soak;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.spike2former.cli.InProcess;
import org.spike2former.serve.Service;
import org.spike2former.serve.ServiceOptions;
import org.spike2former.snn.energy.EnergyCosts;
import org.spike2former.tensor.Backend;

/** Clients of a service that stays: several at a time, in all its ways, and some with rubbish. */
final class ServeWork implements Work {
  private static final List<String> PATHS =
      List.of(
          "/v1/segment",
          "/v1/segment?model=camvid-panoptic&task=panoptic",
          "/v1/segment?weights=int8&labels=true",
          "/v1/firing",
          "/v1/queries",
          "/v1/segment?model=unknown",
          "/v1/segment?task=unknown");

  private final Service service;
  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] photo =
      Files.readAllBytes(InProcess.ROOT.resolve("samples").resolve("street.jpg"));
  private final byte[] rubbish = "no image at all".getBytes(StandardCharsets.US_ASCII);

  ServeWork() throws IOException {
    Path models = InProcess.ROOT.resolve("models");
    EnergyCosts costs = new EnergyCosts("45 nm", 4.6, 0.9, "the paper");
    service =
        Service.start(
            List.of(models.resolve("camvid"), models.resolve("camvid-panoptic")),
            new ServiceOptions(
                "127.0.0.1", 0, 1, 2, 64, 1 << 20, Duration.ofMinutes(5), Backend.AUTO, costs));
  }

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String once() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (String path : PATHS) {
      for (byte[] body : List.of(photo, rubbish)) {
        HttpRequest request =
            HttpRequest.newBuilder(service.address().resolve(path))
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        answers.add(client.sendAsync(request, BodyHandlers.ofString()));
      }
    }
    return answers.stream()
        .map(CompletableFuture::join)
        .map(ServeWork::essence)
        .toList()
        .toString();
  }

  /** All but the time. */
  private static String essence(HttpResponse<String> response) {
    String body = response.body().replaceAll("\"(seconds|milliseconds)\":[^,}]*", "");
    return response.statusCode() + " " + body.hashCode();
  }

  @Override
  public void close() {
    client.close();
    service.close();
  }
}
