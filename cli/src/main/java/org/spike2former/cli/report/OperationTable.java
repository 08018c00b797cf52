package org.spike2former.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import org.spike2former.snn.spikedriven.OperationCounts;
import org.spike2former.snn.spikedriven.OperationKind;

/** Additions and multiplications of a run, by kind; kinds of which there were none are left out. */
public final class OperationTable {
  private OperationTable() {}

  public static ArrayNode json(OperationCounts counts) {
    ArrayNode table = JsonNodeFactory.instance.arrayNode();
    for (OperationKind kind : OperationKind.values()) {
      long additions = counts.additions(kind);
      long multiplications = counts.multiplications(kind);
      if (additions + multiplications > 0) {
        table
            .addObject()
            .put("kind", kind.label())
            .put("additions", additions)
            .put("multiplications", multiplications);
      }
    }
    return table;
  }

  public static void print(JsonNode table) {
    System.out.printf(Locale.ROOT, "  %-45s %15s %15s%n", "", "additions", "multiplications");
    for (JsonNode row : table) {
      System.out.printf(
          Locale.ROOT,
          "  %-45s %,15d %,15d%n",
          row.get("kind").asText(),
          row.get("additions").asLong(),
          row.get("multiplications").asLong());
    }
  }
}
