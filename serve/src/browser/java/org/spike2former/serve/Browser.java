package org.spike2former.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a screen. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path PICTURES = Path.of("target/screenshots");

  private final ChromeDriver driver;

  Browser(String scheme) {
    ChromeOptions options = new ChromeOptions();
    // Containers have no sandbox within theirs, and little shared memory.
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
    options.addArguments(
        "--blink-settings=preferredColorScheme=" + (scheme.equals("dark") ? 0 : 1));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    // Without a driver of that path Selenium would go and fetch one.
    Path own = Path.of("/usr/bin/chromedriver");
    ChromeDriverService.Builder service = new ChromeDriverService.Builder();
    if (Files.exists(own)) {
      service.usingDriverExecutable(own.toFile());
      options.setBinary("/usr/bin/chromium");
    }
    driver = new ChromeDriver(service.build(), options);
  }

  void open(String address, int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
    driver.get(address);
  }

  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> elements(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  String text(String selector) {
    return element(selector).getText();
  }

  Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  <T> void await(ExpectedCondition<T> condition) {
    new WebDriverWait(driver, PATIENCE)
        .ignoring(StaleElementReferenceException.class)
        .until(condition);
  }

  void awaitText(String selector, String part) {
    await(_ -> text(selector).contains(part));
  }

  /** Moves the mouse to a place, seen from an element's middle. */
  void move(WebElement element, int right, int down) {
    new Actions(driver).moveToElement(element, right, down).perform();
  }

  /** Keys for what has the focus. */
  void type(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Makes a picture of the window, for people. */
  void shoot(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** What the browser complains of, such as content from elsewhere. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
