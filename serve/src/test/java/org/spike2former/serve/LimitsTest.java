package org.spike2former.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spike2former.serve.TestService.json;
import static org.spike2former.serve.TestService.sample;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spike2former.serve.compute.Turnstile;
import org.spike2former.tensor.Backend;

/** Who comes when there is no room, no time or no service any more. */
class LimitsTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @Test
  void moreThanFitAreToldWhenToComeAgain() throws Exception {
    try (TestService service = TestService.start(1, 1, 1 << 20, LONG, "camvid")) {
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(
            service.client.sendAsync(
                service
                    .request("/v1/segment")
                    .header("Content-Type", "image/jpeg")
                    .POST(BodyPublishers.ofByteArray(sample("street.jpg")))
                    .build(),
                BodyHandlers.ofByteArray()));
      }
      int done = 0;
      for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
        HttpResponse<byte[]> response = answer.get();
        if (response.statusCode() == 200) {
          done++;
          assertThat(json(response).get("digest").asText()).isEqualTo(RestTest.DIGEST);
        } else {
          assertThat(response.statusCode()).isEqualTo(429);
          assertThat(response.headers().firstValueAsLong("Retry-After")).isPresent();
          assertThat(json(response).get("detail").asText()).contains("--queue");
        }
      }
      assertThat(done).isBetween(2, 11);
    }
  }

  @Test
  void workersGiveTheSameBits() throws Exception {
    try (TestService service = TestService.start(2, 16, 1 << 20, LONG, "camvid")) {
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(
            service.client.sendAsync(
                service
                    .request("/v1/segment")
                    .header("Content-Type", "image/jpeg")
                    .POST(BodyPublishers.ofByteArray(sample("street.jpg")))
                    .build(),
                BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
        assertThat(json(answer.get()).get("digest").asText()).isEqualTo(RestTest.DIGEST);
      }
    }
  }

  @Test
  void whatTakesTooLongIsBrokenOff() throws Exception {
    try (TestService service = TestService.start(1, 1, 1 << 20, Duration.ofMillis(100), "camvid")) {
      HttpResponse<byte[]> response =
          service.post("/v1/segment?arithmetic=spikes&precision=f64", sample("street.jpg"));
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(json(response).get("detail").asText()).contains("not done after 0.1 s");
    }
  }

  @Test
  @Timeout(120)
  void aBodyThatComesTooSlowlyIsNotWaitedFor() throws Exception {
    try (TestService service = TestService.start(1, 1, 1 << 20, Duration.ofMillis(1), "camvid");
        Socket socket = new Socket("127.0.0.1", service.service.address().getPort())) {
      String head =
          "POST /v1/segment HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
              + "Content-Length: 1000000\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      waitFor(service, "s2f_images_present 1.0");
      socket.getOutputStream().write(0);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("(--time-limit)");
    }
  }

  @Test
  void aClientThatGoesStopsTheComputation() throws Exception {
    Turnstile turnstile = new Turnstile(1, 0, Backend.AUTO, 1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (turnstile;
        Turnstile.Place place = turnstile.enter()) {
      assertThatThrownBy(
              () ->
                  place.compute(
                      _ -> {
                        begun.countDown();
                        try {
                          return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                        } finally {
                          interrupted.countDown();
                        }
                      },
                      LONG,
                      () -> begun.getCount() == 0))
          .isInstanceOf(CancellationException.class);
      assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** Spikes in float64 take long enough for the client to be missed. */
  @Test
  @Timeout(120)
  void aConnectionThatIsClosedStopsTheComputation() throws Exception {
    try (TestService service = TestService.start(1, 1, 1 << 20, LONG, "camvid")) {
      byte[] image = sample("street.jpg");
      try (Socket socket = new Socket("127.0.0.1", service.service.address().getPort())) {
        String head =
            "POST /v1/segment?arithmetic=spikes&precision=f64 HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: image/jpeg\r\nContent-Length: "
                + image.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(image);
        waitFor(service, "s2f_images_present 1.0");
      }
      waitFor(service, "s2f_images_present 0.0");
      assertThat(metrics(service)).contains("path=\"/v1/segment\",status=\"0\"");
      assertThat(service.post("/v1/segment", image).statusCode()).isEqualTo(200);
    }
  }

  private static void waitFor(TestService service, String line) throws Exception {
    while (!metrics(service).contains(line)) {
      Thread.onSpinWait();
    }
  }

  private static String metrics(TestService service) throws Exception {
    return new String(service.get("/metrics").body(), StandardCharsets.UTF_8);
  }

  @Test
  void placesAreFreeAgainAfterEveryEnd() throws Exception {
    try (Turnstile turnstile = new Turnstile(1, 1, Backend.AUTO, 1)) {
      try (Turnstile.Place first = turnstile.enter();
          Turnstile.Place second = turnstile.enter()) {
        assertThat(turnstile.callers()).isEqualTo(2);
        assertThatThrownBy(turnstile::enter).isInstanceOf(Turnstile.Full.class);
        assertThatThrownBy(
                () ->
                    first.compute(
                        _ -> new CountDownLatch(1).await(1, TimeUnit.HOURS),
                        Duration.ofMillis(1),
                        () -> false))
            .isInstanceOf(TimeoutException.class);
        String done = second.compute(_ -> "done", LONG, () -> false);
        assertThat(done).isEqualTo("done");
      }
      assertThat(turnstile.callers()).isZero();
    }
  }

  @Test
  void aServiceThatStopsAnswersThoseWhoAreIn() throws Exception {
    TestService service = TestService.start(1, 4, 1 << 20, LONG, "camvid");
    CompletableFuture<HttpResponse<byte[]>> answer =
        service.client.sendAsync(
            service
                .request("/v1/segment")
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(sample("street.jpg")))
                .build(),
            BodyHandlers.ofByteArray());
    while (!metrics(service).contains("s2f_images_present 1.0") && !answer.isDone()) {
      Thread.onSpinWait();
    }
    URI address = service.uri("/healthz");
    assertThat(service.service.stop(LONG)).isTrue();
    assertThat(json(answer.get()).get("digest").asText()).isEqualTo(RestTest.DIGEST);
    assertThatThrownBy(() -> service.send(HttpRequest.newBuilder(address)))
        .isInstanceOf(IOException.class);
    service.client.close();
  }

  @Test
  void nobodyIsLetInWhileItStops() throws Exception {
    Turnstile turnstile = new Turnstile(1, 1, Backend.AUTO, 1);
    Turnstile.Place place = turnstile.enter();
    CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> turnstile.stop(LONG));
    while (!turnstile.isStopping()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(turnstile::enter).isInstanceOf(Turnstile.Stopping.class);
    String done = place.compute(_ -> "done", LONG, () -> false);
    assertThat(done).isEqualTo("done");
    place.close();
    assertThat(stopped.get()).isTrue();
  }

  @Test
  void anAddressThatIsTakenIsNamed() throws Exception {
    try (TestService service = TestService.start(1, 1, 1 << 20, LONG, "camvid")) {
      int port = service.service.address().getPort();
      ServiceOptions same =
          new ServiceOptions(
              "127.0.0.1", port, 1, 1, 1, 1 << 20, LONG, Backend.AUTO, TestService.COSTS);
      Path model = TestService.ROOT.resolve("models/camvid");
      assertThatThrownBy(() -> Service.start(List.of(model), same))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + port);
      assertThatThrownBy(() -> Service.start(List.of(model, model), same))
          .hasMessage("two models have the name camvid");
    }
  }
}
