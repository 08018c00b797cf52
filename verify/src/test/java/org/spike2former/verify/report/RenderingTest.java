package org.spike2former.verify.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.spike2former.verify.ParityReport;
import org.spike2former.verify.compare.ComparisonKind;
import org.spike2former.verify.compare.ErrorDetails;
import org.spike2former.verify.compare.ErrorDetails.Bin;
import org.spike2former.verify.compare.Flip;
import org.spike2former.verify.compare.FlipMap;
import org.spike2former.verify.compare.Section;
import org.spike2former.verify.compare.TensorComparison;
import org.spike2former.verify.compare.Tolerances;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A report with hostile names, in both formats, read back by parsers. */
class RenderingTest {
  private static final String EVIL = "block<script>&\"'\u0001]]>";
  private static final ErrorDetails SPREAD =
      new ErrorDetails(
          90,
          List.of(1e-16, 2e-16, 3e-16, 4e-10),
          80,
          List.of(new Bin(-16, 9), new Bin(-10, 1)),
          List.of(new ErrorDetails.Element(List.of(0, 3), 1.5, 1.25)),
          null);
  private static final ErrorDetails MAP =
      new ErrorDetails(
          0,
          List.of(),
          0,
          List.of(),
          List.of(new ErrorDetails.Element(List.of(1, 2), 3, 4)),
          new FlipMap("height × width", 2, 3, new int[] {0, 0, 0, 0, 0, 7}));
  private static final TensorComparison GOOD =
      new TensorComparison(
          "first", ComparisonKind.OUTPUT, 12, 0, 0, List.of(), 0, 0, true, "", null);
  private static final TensorComparison RISEN =
      new TensorComparison(
          EVIL, ComparisonKind.TRACE, 180, 0.25, 4e-10, List.of(0, 3), 0, 0, true, "", SPREAD);
  private static final TensorComparison SPIKES =
      new TensorComparison(
          "n.spike1", ComparisonKind.SPIKES, 36, 1, 0, List.of(1, 2), 7, 0, false, "7 differ", MAP);
  private static final Flip FLIP = new Flip("n.spike1", List.of(1, 2), 3, 4, 3.25, 1e-5);
  private static final ParityReport REPORT =
      new ParityReport(
          "a & b",
          Tolerances.LOOSE,
          Map.of("weights.safetensors", "0123abcd"),
          List.of(
              new Section(
                  "float64", "scalar", 1e-9, 2e-14, List.of(GOOD, RISEN, SPIKES), List.of(FLIP)),
              new Section("itself", "scalar", 0, 0, List.of(GOOD), List.of())));

  private static final LocalDateTime BEGUN = LocalDateTime.of(2026, 1, 2, 3, 4, 5, 678);

  private static String page() {
    Environment here = Environment.here("s2f 1.2", "s2f parity <x>");
    return HtmlReport.render("Parity", here, List.of(REPORT));
  }

  @Test
  void thePageNeedsNoOtherFileAndNoScript() {
    assertThat(page())
        .startsWith("<!DOCTYPE html>")
        .doesNotContain("<script", "http:", "https:", "<link", "@import", "url(")
        .contains("s2f parity &lt;x&gt;", "block&lt;script&gt;&amp;&quot;&#39; ]]&gt;");
    Matcher source = Pattern.compile("src=\"([^\"]*)\"").matcher(page());
    while (source.find()) {
      assertThat(source.group(1)).startsWith("data:image/png;base64,");
    }
  }

  @Test
  void picturesAreWellFormedAndCountWhatTheyShow() throws Exception {
    Matcher svg = Pattern.compile("<svg .*?</svg>").matcher(page());
    List<Element> pictures = new ArrayList<>();
    while (svg.find()) {
      pictures.add(parse(svg.group()).getDocumentElement());
    }
    assertThat(pictures).hasSize(2);
    NodeList points = pictures.get(0).getElementsByTagName("circle");
    assertThat(points.getLength()).isEqualTo(2);
    assertThat(points.item(1).getTextContent()).isEqualTo("block<script>&\"' ]]>: 4.0e-10");
    assertThat(((Element) points.item(1)).getAttribute("cy")).isEqualTo("83.2");
    assertThat(pictures.get(0).getElementsByTagName("line").getLength()).isEqualTo(9);
    assertThat(page())
        .contains(
            "<svg width=\"84\" height=\"20\" viewBox=\"0 0 84 20\">"
                + "<title>0: 80, 1e-16: 9, 1e-10: 1</title>"
                + "<line class=\"axis\" x1=\"0.0\" y1=\"20.0\" x2=\"84.0\" y2=\"20.0\"/>"
                + "<rect class=\"zero\" x=\"0.0\" y=\"1.0\" width=\"3\" height=\"19.0\"/>");
  }

  @Test
  void thePageNamesWhatItIsAbout() {
    assertThat(page())
        .contains("First difference:", "relative error 4.0e-10 at [0, 3]", "up to first")
        .contains("recorded 1.5, computed 1.25", "It is within the tolerance")
        .contains("SHA-256 of weights.safetensors", "0123abcd", "loose", "vector width", "s2f 1.2")
        .contains("3.0e-16", "0: 80, 1e-16: 9, 1e-10: 1", "7 of 36 spikes, height × width");
  }

  @Test
  void mapsHaveAPixelForEachCell() throws Exception {
    Matcher data = Pattern.compile("base64,([^\"]+)\"").matcher(page());
    assertThat(data.find()).isTrue();
    byte[] png = Base64.getDecoder().decode(data.group(1));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(3);
    assertThat(image.getHeight()).isEqualTo(2);
    assertThat(image.getRGB(2, 1)).isNotEqualTo(image.getRGB(0, 0));
    assertThat(image.getRGB(1, 1)).isEqualTo(image.getRGB(0, 0));
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void junitHasASuiteForEachSectionAndACaseForEachTensor() throws Exception {
    Element root = parse(JUnitXml.render(List.of(REPORT), BEGUN, 2)).getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("testsuites");
    assertThat(root.getAttribute("tests")).isEqualTo("4");
    assertThat(root.getAttribute("failures")).isEqualTo("1");
    NodeList suites = root.getElementsByTagName("testsuite");
    assertThat(suites.getLength()).isEqualTo(2);
    Element first = (Element) suites.item(0);
    assertThat(first.getAttribute("name")).isEqualTo("a & b: float64");
    NodeList cases = first.getElementsByTagName("testcase");
    assertThat(first.getAttribute("timestamp")).isEqualTo("2026-01-02T03:04:05");
    assertThat(first.getAttribute("time")).isEqualTo("1.500");
    assertThat(cases.getLength()).isEqualTo(3);
    assertThat(((Element) cases.item(1)).getAttribute("time")).isEqualTo("0.500");
    assertThat(((Element) cases.item(1)).getAttribute("classname")).isEqualTo("a_b.float64");
    assertThat(((Element) cases.item(1)).getAttribute("name"))
        .isEqualTo("block<script>&\"'?]]> (trace)");
    NodeList failures = root.getElementsByTagName("failure");
    assertThat(failures.getLength()).isEqualTo(1);
    assertThat(((Element) failures.item(0)).getAttribute("message"))
        .isEqualTo("7 differ at [1, 2]");
    assertThat(((Element) failures.item(0)).getAttribute("type")).isEqualTo("spikes");
    assertThat(((Element) failures.item(0).getParentNode()).getAttribute("name"))
        .isEqualTo("n.spike1 (spikes)");
  }
}
