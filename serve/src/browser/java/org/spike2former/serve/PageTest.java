package org.spike2former.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The page as people use it, with a mouse, with keys alone, and on a phone. */
class PageTest {
  private static final String LAYER = "backbone.ConvBlock1_2.0.spike1";

  private static TestService service;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    service = TestService.start();
    browser = new Browser("dark");
  }

  @AfterAll
  static void stop() {
    browser.close();
    service.close();
  }

  @AfterEach
  void nothingIsComplainedOf() {
    assertThat(browser.complaints()).isEmpty();
  }

  private static void open(int width, int height) {
    browser.open(service.uri("/").toString(), width, height);
    browser.awaitText("#facts", "digest");
  }

  private static void open() {
    open(1440, 1000);
  }

  private static void requireNoSidewaysScrolling() {
    assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
  }

  @Test
  void aSampleIsSegmentedAtOnce() throws Exception {
    open();
    assertThat(browser.element("#facts code").getDomAttribute("data-digest"))
        .isEqualTo(RestTest.DIGEST);
    List<WebElement> classes = browser.elements("#classes .class");
    assertThat(classes).hasSize(10);
    assertThat(classes.getFirst().getText()).contains("road", "36.0 %");
    browser.shoot("segment");
  }

  @Test
  void theNameUnderTheCursorIsShown() {
    open();
    WebElement photo = browser.element("#colors");
    browser.move(photo, 0, photo.getSize().height / 3);
    browser.awaitText("#under", "road");
    browser.move(photo, 0, -photo.getSize().height * 2 / 5);
    browser.awaitText("#under", "sky");
  }

  @Test
  void coloursFadeAndClassesAreSwitchedOff() {
    open();
    assertThat(alphaOfRoad()).isEqualTo(140);
    browser.element("#opacity").sendKeys(Keys.HOME);
    assertThat(alphaOfRoad()).isZero();
    browser.element("#opacity").sendKeys(Keys.END);
    assertThat(alphaOfRoad()).isEqualTo(255);
    browser.element("#classes input").click();
    assertThat(alphaOfRoad()).isZero();
  }

  private static int alphaOfRoad() {
    return ((Number)
            browser.script(
                "return document.querySelector('#colors').getContext('2d')"
                    + ".getImageData(120, 170, 1, 1).data[3]"))
        .intValue();
  }

  @Test
  void aPhotoOfOnesOwnIsTaken() {
    open();
    browser.element("#file").sendKeys(TestService.ROOT.resolve("samples/dusk.jpg").toString());
    browser.await(
        _ ->
            browser.elements("#facts code").stream()
                .noneMatch(code -> RestTest.DIGEST.equals(code.getDomAttribute("data-digest"))));
    assertThat(browser.elements("#samples [aria-pressed=true]")).isEmpty();
  }

  @Test
  void whatIsNoPhotoIsRefusedInWords() {
    open();
    browser.element("#file").sendKeys(TestService.ROOT.resolve("pom.xml").toString());
    browser.awaitText("#error", "not an image that can be read");
    // The browser notes each answer that is no success.
    assertThat(browser.complaints()).singleElement().asString().contains("415");
  }

  @Test
  void thingsAreToldApartByAModelThatCan() {
    open();
    new Select(browser.element("#model")).selectByVisibleText("camvid-panoptic");
    browser.awaitText("#facts", "digest");
    new Select(browser.element("#task")).selectByValue("panoptic");
    browser.awaitText("#classes", "car 1");
  }

  @Test
  void aModelWithoutQueriesHasNoTabForThem(@TempDir Path folder) throws Exception {
    String fpn = FpnServiceTest.model(folder).toString();
    try (TestService two =
        TestService.start(1, 4, 1 << 20, Duration.ofMinutes(10), "camvid", fpn)) {
      browser.open(two.uri("/").toString(), 1440, 1000);
      browser.awaitText("#facts", "digest");
      browser.element("#tab-queries").click();
      browser.await(_ -> !browser.elements(".query").isEmpty());
      new Select(browser.element("#model")).selectByVisibleText("fpn");
      browser.await(_ -> browser.element("#panel-segment").isDisplayed());
      assertThat(browser.element("#tab-queries").isDisplayed()).isFalse();
      browser.element("#tab-segment").sendKeys(Keys.ARROW_RIGHT);
      browser.awaitText("#step-name", "step");
    }
  }

  @Test
  void eachQueryShowsItsMask() throws Exception {
    open();
    browser.element("#tab-queries").click();
    browser.await(_ -> browser.elements(".query").size() == 20);
    assertThat(browser.text("#queries-lead")).contains("20 questions", "11 found something");
    browser.shoot("queries");
  }

  @Test
  void aLayersSpikesArePlayedOverThePhoto() throws Exception {
    open(1440, 1200);
    browser.element("#tab-inside").click();
    browser.awaitText("#layer-facts", "firing rate");
    assertThat(browser.elements("#map .cell")).hasSize(166);
    assertThat(browser.text("#inside-lead")).contains("4.81 million spikes");
    browser.element("[data-layer='" + LAYER + "']").click();
    browser.awaitText("#layer-name", LAYER);
    browser.awaitText("#step-name", "step 2 of 4");
    browser.awaitText("#step-name", "step 3 of 4");
    browser.shoot("inside");
    browser.element("#play").click();
    assertThat(browser.element("#histogram svg").getDomAttribute("aria-label"))
        .contains("k = 0: 65.9 %");
    WebElement channel = browser.element("#channel");
    channel.sendKeys("3", Keys.TAB);
    browser.awaitText("#film-legend", "Where channel 3 fires");
  }

  @Test
  void energyIsSetBesideThatOfAnAnn() throws Exception {
    open();
    browser.element("#tab-energy").click();
    browser.awaitText("#energy-lead", "0.94 mJ");
    assertThat(browser.text("#energy-lead")).contains("7.35 mJ", "7.8 times less");
    browser.element("#panel-energy summary").click();
    assertThat(browser.elements("#energy-table .part-row")).hasSize(6);
    browser.shoot("energy");
  }

  @Test
  void threeWaysAreSetSideBySide() throws Exception {
    open();
    browser.element("#tab-compare").click();
    browser.await(_ -> browser.elements(".way").size() == 3);
    assertThat(browser.elements(".way .same").stream().map(WebElement::getText))
        .containsExactly(
            "The measure for the others",
            "1,035 pixels differ (2.40 %)",
            "Every pixel as the first");
    browser.shoot("compare");
  }

  @Test
  void keysAloneAreEnough() {
    open();
    browser.element("#tab-segment").sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    browser.await(_ -> browser.element("#panel-inside").isDisplayed());
    browser.awaitText("#layer-facts", "firing rate");
    WebElement chosen = browser.element("#map [aria-pressed=true]");
    chosen.sendKeys(Keys.ARROW_RIGHT);
    String next = browser.focused().getDomAttribute("data-layer");
    assertThat(next).isEqualTo("backbone.ConvBlock1_1.0.spike2");
    browser.type(Keys.ENTER);
    browser.awaitText("#layer-name", next);
    browser.element("#tab-inside").sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    browser.element("#colors").sendKeys(Keys.ARROW_DOWN);
    assertThat(browser.text("#under")).isNotEmpty();
  }

  @Test
  void everythingHasANameForScreenReaders() {
    open();
    browser.element("#tab-inside").click();
    browser.awaitText("#layer-facts", "firing rate");
    for (WebElement element : browser.elements("button, input, select, canvas[role=img], svg")) {
      if (element.isDisplayed()) {
        assertThat(element.getAccessibleName())
            .as(element.getDomProperty("outerHTML"))
            .isNotBlank();
      }
    }
    for (WebElement image : browser.elements("img")) {
      assertThat(image.getDomAttribute("alt")).isNotNull();
    }
    assertThat(browser.element("html").getDomAttribute("lang")).isEqualTo("en");
    assertThat(browser.elements("h1")).hasSize(1);
  }

  @Test
  void aPhoneShowsAllInOneColumn() throws Exception {
    open(390, 844);
    requireNoSidewaysScrolling();
    browser.shoot("phone");
    for (String tab : List.of("queries", "inside", "energy")) {
      browser.script("document.querySelector('#tab-" + tab + "').click()");
      browser.await(_ -> browser.text("#status").isEmpty());
      requireNoSidewaysScrolling();
    }
    browser.script("document.querySelector('#panel-energy').scrollIntoView()");
    browser.shoot("phone-energy");
  }

  @Test
  void nothingComesFromElsewhere() {
    open();
    Object hosts =
        browser.script(
            "return [...new Set(performance.getEntriesByType('resource')"
                + ".map(e => new URL(e.name).host))].join()");
    assertThat(hosts).isEqualTo(service.uri("/").getAuthority());
    assertThat(browser.element("body").findElements(By.cssSelector("[src^=http]"))).isEmpty();
  }
}
