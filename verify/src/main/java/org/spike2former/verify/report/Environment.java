package org.spike2former.verify.report;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.tensor.cpu.Backends;

/**
 * Where and how a report was made.
 *
 * @param entries what a reader may ask for, by its name
 */
public record Environment(Map<String, String> entries) {
  /**
   * This process.
   *
   * @param version the program's
   * @param command the command line
   */
  public static Environment here(String version, String command) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("command", command);
    entries.put("version", version);
    entries.put("Java", property("java.runtime.version") + ", " + property("java.vm.name"));
    entries.put(
        "system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
    entries.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    int bits = Backends.vectorBits();
    entries.put("vector width", bits == 0 ? "no Vector API" : bits + " bits");
    entries.put(
        "date",
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            ZonedDateTime.now().truncatedTo(ChronoUnit.SECONDS)));
    return new Environment(entries);
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
