package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** What users read of artifacts is what the POMs say. */
class ArtifactsTest {
  private static final XPath XPATH = XPathFactory.newInstance().newXPath();

  private static Document pom(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static String value(Document pom, String path) throws XPathExpressionException {
    return XPATH.evaluate("/project/" + path, pom);
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.walk(S2f.ROOT, 3)) {
      return files
          .filter(file -> file.endsWith("pom.xml") && !file.toString().contains("/target/"))
          .filter(file -> !file.getParent().equals(S2f.ROOT))
          .sorted()
          .toList();
    }
  }

  @Test
  void theVersionsInTheDocumentsAreThatOfTheBuild() throws Exception {
    String version = value(pom(S2f.ROOT.resolve("pom.xml")), "properties/revision");
    Pattern dependency =
        Pattern.compile("<artifactId>spike2former-[a-z-]+</artifactId>\\s*<version>([^<]*)<");
    for (String name : List.of("README.md", "docs/packages.md")) {
      Matcher matcher = dependency.matcher(Files.readString(S2f.ROOT.resolve(name)));
      assertThat(matcher.results().map(found -> found.group(1)))
          .as(name)
          .isNotEmpty()
          .allMatch(version::equals);
    }
    assertThat(Files.readString(S2f.ROOT.resolve("README.md")))
        .contains("tar xzf spike2former-" + version + "-linux-x64.tar.gz");
  }

  @Test
  void modulesSayWhatTheyAreAndHaveTheVersionOfAll() throws Exception {
    assertThat(modules()).hasSizeGreaterThan(10);
    for (Path file : modules()) {
      Document pom = pom(file);
      assertThat(value(pom, "parent/version")).as("%s", file).isEqualTo("${revision}");
      assertThat(value(pom, "name")).as("%s", file).startsWith("spike2former: ");
      assertThat(value(pom, "description")).as("%s", file).endsWith(".");
    }
  }

  @Test
  void theBomHasAllArtifactsThatAreDeployed() throws Exception {
    Document bom = pom(S2f.ROOT.resolve("bom/pom.xml"));
    for (Path file : modules()) {
      Document pom = pom(file);
      String artifact = value(pom, "artifactId");
      boolean deployed =
          !value(pom, "packaging").equals("pom")
              && !value(pom, "properties/maven.deploy.skip").equals("true");
      String listed =
          XPATH.evaluate(
              "count(/project/dependencyManagement/dependencies/dependency[artifactId='"
                  + artifact
                  + "'])",
              bom);
      assertThat(listed).as(artifact).isEqualTo(deployed ? "1" : "0");
    }
  }
}
