package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code s2f serve} as a process: what it prints, and how a signal ends it. */
class ServeProcessTest {
  @TempDir private Path folder;

  @Test
  void aSignalLetsTheImagesThatHaveComeBeAnswered() throws Exception {
    Path out = folder.resolve("out");
    Process process = S2f.start(folder, out, "serve", "--port", "0", "--threads", "2");
    while (process.isAlive() && !Files.readString(out).contains("http://127.0.0.1:")) {
      Thread.sleep(50);
    }
    String address =
        Files.readAllLines(out).stream()
            .filter(l -> l.startsWith("http"))
            .findFirst()
            .orElseThrow();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + "v1/segment"))
              .header("Content-Type", "image/jpeg")
              .POST(BodyPublishers.ofFile(S2f.ROOT.resolve("samples/street.jpg")))
              .build();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(request, BodyHandlers.ofString());
      HttpRequest metrics = HttpRequest.newBuilder(URI.create(address + "metrics")).build();
      while (!answer.isDone()
          && !client.send(metrics, BodyHandlers.ofString()).body().contains("present 1.0")) {
        Thread.sleep(5);
      }
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      assertThat(answer.get().body())
          .contains("8f2ca44fd1f1692c9b5688a257a1d1d8fed9b1bc92142fb4d572f6475af0b8c8");
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(out))
        .contains("s2f: SIGTERM: ends after the images that have come")
        .doesNotContain("Exception", "jetty");
  }
}
