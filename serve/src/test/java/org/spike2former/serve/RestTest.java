package org.spike2former.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.spike2former.serve.TestService.json;
import static org.spike2former.serve.TestService.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.picture.OverlayStyle;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmentation;
import org.spike2former.model.Segmenter;

class RestTest {
  /** That of {@code s2f segment samples/street.jpg --digest}. */
  static final String DIGEST = "8f2ca44fd1f1692c9b5688a257a1d1d8fed9b1bc92142fb4d572f6475af0b8c8";

  private static TestService service;
  private static Segmentation expected;

  @BeforeAll
  static void start() throws Exception {
    service = TestService.start();
    try (Segmenter segmenter = Segmenter.load(TestService.ROOT.resolve("models/camvid"))) {
      expected = segmenter.segment(sample("street.jpg"), Keep.LOGITS, Keep.QUERIES);
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode ok(HttpResponse<byte[]> response, String path) throws Exception {
    assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(200);
    JsonNode json = json(response);
    assertThat(OpenApi.errors(path, "200", "application/json", json)).isEmpty();
    return json;
  }

  private static JsonNode problem(HttpResponse<byte[]> response, int status) throws Exception {
    assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode json = json(response);
    assertThat(json.get("status").asInt()).isEqualTo(status);
    return json;
  }

  private static String detail(HttpResponse<byte[]> response, int status) throws Exception {
    return problem(response, status).get("detail").asText();
  }

  @Test
  void anImageHasTheCommandsDigests() throws Exception {
    JsonNode json =
        ok(
            service.post("/v1/segment?labels=true&overlay=true", sample("street.jpg")),
            "/v1/segment");
    assertThat(json.get("digest").asText()).isEqualTo(DIGEST).isEqualTo(expected.digest());
    assertThat(json.get("labels_digest").asText()).isEqualTo(expected.labelsDigest());
    assertThat(json.at("/classes/0/name").asText()).isEqualTo("road");
    assertThat(json.at("/classes/0/share").asDouble()).isEqualTo(expected.share(3));
    assertThat(json.get("spikes").asLong()).isEqualTo(4814411);
    byte[] labels = new byte[240 * 180];
    int at = 0;
    JsonNode runs = json.at("/labels/runs");
    for (int i = 0; i < runs.size(); i += 2) {
      int to = at + runs.get(i + 1).asInt();
      Arrays.fill(labels, at, to, (byte) runs.get(i).asInt());
      at = to;
    }
    assertThat(labels).isEqualTo(expected.labels().labels());
    byte[] overlay = Base64.getDecoder().decode(json.get("overlay").asText());
    requireEqual(overlay, expected.overlay());
  }

  private static void requireEqual(byte[] png, BufferedImage image) throws Exception {
    BufferedImage found = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(ImageFiles.rgb(found)).isEqualTo(ImageFiles.rgb(image));
  }

  @Test
  void aPictureIsAskedForByItsType() throws Exception {
    HttpResponse<byte[]> response =
        service.send(
            service
                .request("/v1/segment?opacity=0.25&legend=false")
                .header("Accept", "image/webp, image/*;q=0.9, application/json;q=0.5")
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(sample("street.jpg"))));
    assertThat(response.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(response.headers().firstValue("S2F-Digest")).contains(DIGEST);
    requireEqual(response.body(), expected.overlay(new OverlayStyle(0.25, false)));
    HttpResponse<byte[]> labels =
        service.send(
            service
                .request("/v1/segment?picture=labels")
                .header("Accept", "image/png")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(sample("street.jpg"))));
    requireEqual(labels.body(), expected.labels().toImage(expected.classes()));
  }

  @Test
  void aFormHasTheImageAndParameters() throws Exception {
    HttpResponse<byte[]> response =
        service.send(
            service
                .request("/v1/segment?model=camvid-panoptic")
                .header("Content-Type", "multipart/form-data; boundary=xyz")
                .POST(BodyPublishers.ofByteArray(form("task", "panoptic", sample("street.jpg")))));
    JsonNode json = ok(response, "/v1/segment");
    assertThat(json.get("task").asText()).isEqualTo("panoptic");
    assertThat(json.get("segments").findValuesAsText("name")).contains("car", "road");
  }

  private static byte[] form(String name, String value, byte[] image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ("--xyz\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n--xyz\r\nContent-Disposition: form-data; name=\"image\";"
                + " filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
            .getBytes(UTF_8));
    out.writeBytes(image);
    out.writeBytes("\r\n--xyz--\r\n".getBytes(UTF_8));
    return out.toByteArray();
  }

  @Test
  void thingsAreFoundOneByOne() throws Exception {
    JsonNode json =
        ok(
            service.post("/v1/segment?model=camvid-panoptic&task=instance", sample("street.jpg")),
            "/v1/segment");
    assertThat(json.get("instances").findValuesAsText("name")).contains("car");
  }

  @Test
  void confidenceIsTheCommands() throws Exception {
    JsonNode json =
        ok(service.post("/v1/segment?confidence=true", sample("street.jpg")), "/v1/segment");
    assertThat(json.get("doubtful").asDouble()).isEqualTo(expected.confidence().doubtful());
    requireEqual(
        Base64.getDecoder().decode(json.get("confidence").asText()),
        expected.confidence().toImage());
  }

  @Test
  void eightBitWeightsGiveAnotherResult() throws Exception {
    JsonNode json =
        ok(service.post("/v1/segment?weights=int8", sample("street.jpg")), "/v1/segment");
    assertThat(json.get("digest").asText())
        .isEqualTo("9362e056bbe3184bdb4e925947179db2b837986b0aacb189d9823055ca11fd4f");
  }

  @Test
  void firingIsCountedLayerByLayer() throws Exception {
    JsonNode json = ok(service.post("/v1/firing", sample("street.jpg")), "/v1/firing");
    assertThat(json.get("layers")).hasSize(166);
    long spikes = 0;
    for (JsonNode layer : json.get("layers")) {
      for (int k = 1; k < layer.get("histogram").size(); k++) {
        spikes += k * layer.get("histogram").get(k).asLong();
      }
    }
    assertThat(json.get("spikes").asLong()).isEqualTo(spikes).isEqualTo(4814411);
    double energy = 0;
    for (JsonNode part : json.at("/cost/parts")) {
      energy += part.get("stage").asBoolean() ? 0 : part.get("energy_mj").asDouble();
    }
    assertThat(json.at("/cost/inference/energy_mj").asDouble()).isCloseTo(energy, offset(1e-9));
  }

  @Test
  void theFramesOfALayerAddUpToItsSpikes() throws Exception {
    String layer = "decode_head.transformer_decoder.layers.0.cross_attn.attn.q_spike";
    JsonNode json =
        ok(service.post("/v1/spikes?layer=" + layer, sample("street.jpg")), "/v1/spikes");
    assertThat(json.get("of").asText()).isEqualTo("queries");
    assertThat(json.get("height").asInt()).isEqualTo(20);
    assertThat(json.get("width").asInt()).isEqualTo(64);
    byte[] frames = json.get("frames").binaryValue();
    assertThat(frames).hasSize(4 * 20 * 64);
    long fired = 0;
    for (byte pixel : frames) {
      assertThat(pixel & 0xff).isIn(0, 255);
      fired += pixel == 0 ? 0 : 1;
    }
    assertThat((double) fired / frames.length).isCloseTo(json.get("rate").asDouble(), offset(1e-9));
  }

  @Test
  void theFramesOfAChannelLieOverThePhoto() throws Exception {
    String layer = "backbone.ConvBlock1_1.0.Conv.spike1";
    JsonNode json =
        ok(service.post("/v1/spikes?channel=3&layer=" + layer, sample("street.jpg")), "/v1/spikes");
    assertThat(json.get("of").asText()).isEqualTo("places");
    assertThat(json.get("height").asInt()).isEqualTo(90);
    assertThat(json.get("width").asInt()).isEqualTo(120);
    assertThat(json.at("/photo/height").asDouble()).isEqualTo(1);
    double fired = 0;
    for (byte pixel : json.get("frames").binaryValue()) {
      fired += pixel == 0 ? 0 : 1;
    }
    assertThat(fired / (4 * 90 * 120))
        .isCloseTo(json.get("channel_rates").get(3).asDouble(), offset(1e-9));
  }

  @Test
  void eachQueryHasItsClassAndMask() throws Exception {
    JsonNode json = ok(service.post("/v1/queries", sample("street.jpg")), "/v1/queries");
    assertThat(json.get("queries")).hasSize(20).hasSize(expected.queries().size());
    for (int q = 0; q < 20; q++) {
      JsonNode query = json.get("queries").get(q);
      int best = expected.queries().best(q);
      assertThat(query.get("index").asInt(11)).isEqualTo(best);
      assertThat(query.get("probability").asDouble())
          .isEqualTo(expected.queries().probabilities(q)[best]);
      requireEqual(query.get("mask").binaryValue(), expected.queries().maskAsSeen(q).toImage());
    }
  }

  @Test
  void modelsAreListed() throws Exception {
    JsonNode json = ok(service.get("/v1/models"), "/v1/models");
    assertThat(json.findValuesAsText("backbone")).containsExactly("sdtv2", "sdtv2");
    assertThat(json.at("/models/0/name").asText()).isEqualTo("camvid");
    assertThat(json.at("/models/1/tasks")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/segment?model=cityscapes   | 400 | there is no model cityscapes; there are camvid,"
            + " camvid-panoptic",
        "/v1/segment?taks=semantic      | 400 | there is no parameter taks",
        "/v1/segment?task=depth         | 400 | task: expected semantic or panoptic or instance",
        "/v1/segment?task=panoptic      | 422 | does semantic segmentation alone",
        "/v1/segment?opacity=2          | 400 | opacity: expected 0.0 to 1.0, found 2",
        "/v1/segment?overlay=yes        | 400 | overlay: expected true or false, found yes",
        "/v1/segment?labels=1&labels=0  | 400 | labels: given more than once",
        "/v1/segment?picture=panoptic   | 400 | task semantic has no picture panoptic",
        "/v1/segment?weights=int8&precision=f64 | 400 | int8 weights are for plain arithmetic",
        "/v1/spikes                     | 400 | layer: which one?",
        "/v1/spikes?layer=eye           | 422 | has no neuron layer eye",
        "/v1/spikes?layer=decode_head.decoder_out_spike&channel=64 | 422 | has channels 0 to 63"
      })
  void whatIsAskedWronglyIsNamed(String path, int status, String message) throws Exception {
    assertThat(detail(service.post(path, sample("street.jpg")), status)).contains(message);
  }

  @Test
  void whatIsNoImageIsRefused() throws Exception {
    assertThat(detail(service.post("/v1/segment", "hello".getBytes(UTF_8)), 415))
        .isEqualTo("the image: not an image that can be read (JPEG, PNG, WebP, BMP, GIF, TIFF)");
    byte[] cut = Arrays.copyOf(sample("street.jpg"), 9000);
    assertThat(detail(service.post("/v1/segment", cut), 422))
        .startsWith("the image: cannot be read as JPEG: ");
    assertThat(detail(service.post("/v1/segment", new byte[0]), 422)).contains("no bytes");
    ByteArrayOutputStream tiny = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(8, 300, BufferedImage.TYPE_3BYTE_BGR), "png", tiny);
    assertThat(detail(service.post("/v1/segment", tiny.toByteArray()), 422))
        .isEqualTo("the image: an image of 8x300 pixels is too small; sides need 16");
    assertThat(
            detail(
                service.send(
                    service
                        .request("/v1/segment")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofByteArray(sample("street.jpg")))),
                415))
        .contains("expected an image");
  }

  @Test
  void anImageOfTooManyPixelsIsRefused() throws Exception {
    ByteArrayOutputStream large = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(400, 300, BufferedImage.TYPE_BYTE_GRAY), "png", large);
    System.setProperty("s2f.max-pixels", "100000");
    try {
      assertThat(detail(service.post("/v1/segment", large.toByteArray()), 422))
          .contains("400x300 pixels are more than the limit of 100000");
    } finally {
      System.clearProperty("s2f.max-pixels");
    }
  }

  @Test
  void formsWithoutAnImageAreRefused() throws Exception {
    byte[] cut = Arrays.copyOf(form("task", "semantic", sample("street.jpg")), 2000);
    for (byte[] body : new byte[][] {cut, "--xyz--\r\n".getBytes(UTF_8), new byte[0]}) {
      problem(
          service.send(
              service
                  .request("/v1/segment")
                  .header("Content-Type", "multipart/form-data; boundary=xyz")
                  .POST(BodyPublishers.ofByteArray(body))),
          400);
    }
  }

  @Test
  void aBodyOfTooManyBytesIsRefused() throws Exception {
    assertThat(detail(service.post("/v1/segment", new byte[(1 << 20) + 1]), 413))
        .isEqualTo("the body has more than 1048576 bytes (--max-body)");
    assertThat(
            detail(
                service.send(
                    service
                        .request("/v1/segment")
                        .header("Content-Type", "image/jpeg")
                        .POST(
                            BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(new byte[(1 << 20) + 1])))),
                413))
        .contains("(--max-body)");
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    assertThat(detail(service.get("/v2"), 404)).contains("nothing at /v2");
    problem(service.get("/../pom.xml"), 400);
    assertThat(detail(service.get("/package-info.class"), 404)).contains("nothing");
    HttpResponse<byte[]> response = service.get("/v1/segment");
    assertThat(detail(response, 405)).isEqualTo("/v1/segment takes POST, not GET");
    assertThat(response.headers().firstValue("Allow")).contains("POST");
    assertThat(
            detail(
                service.send(
                    service
                        .request("/v1/firing")
                        .header("Accept", "image/png")
                        .header("Content-Type", "image/jpeg")
                        .POST(BodyPublishers.ofByteArray(sample("street.jpg")))),
                406))
        .contains("application/json");
  }

  @Test
  void healthMetricsAndDocumentAreThere() throws Exception {
    assertThat(service.get("/healthz").body()).isEqualTo("alive\n".getBytes(UTF_8));
    assertThat(service.get("/readyz").body()).isEqualTo("ready\n".getBytes(UTF_8));
    service.post("/v1/segment", sample("dusk.jpg"));
    String metrics = new String(service.get("/metrics").body(), UTF_8);
    assertThat(metrics)
        .contains("s2f_requests_seconds_count{method=\"POST\",path=\"/v1/segment\",status=\"200\"}")
        .contains("s2f_images_waiting 0.0")
        .contains("s2f_image_spikes_count{model=\"camvid\"}")
        .contains("s2f_image_energy_millijoules_sum{model=\"camvid\"}");
    assertThat(OpenApi.paths()).allSatisfy(path -> assertThat(known(path)).isTrue());
  }

  private static boolean known(String path) throws Exception {
    return service.get(path).statusCode() != 404;
  }

  @Test
  void thePageMayLoadNothingFromElsewhere() throws Exception {
    HttpResponse<byte[]> page = service.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "connect-src 'self'");
    assertThat(service.get("/samples/street.jpg").body()).isEqualTo(sample("street.jpg"));
  }
}
