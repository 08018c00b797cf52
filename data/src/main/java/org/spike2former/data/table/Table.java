package org.spike2former.data.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.spike2former.data.table.Column.Align;

/**
 * Rows under columns.
 *
 * @param rows in the order in which they are printed; what of them is printed, the columns say
 */
public record Table<R>(List<Column<R>> columns, List<R> rows) {
  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build();
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  @SafeVarargs
  @SuppressWarnings("varargs")
  public static <R> Table<R> of(List<R> rows, Column<R>... columns) {
    return new Table<>(List.of(columns), rows);
  }

  /** {@link #text(String)} at the left edge. */
  public String text() {
    return text("");
  }

  /**
   * Lines of aligned columns: the headers, unless all are empty, and the rows. A column is as wide
   * as its widest cell. A blank separates columns; two do where text at the left follows a number
   * at the right.
   *
   * @param indent what each line begins with
   */
  public String text(String indent) {
    StringBuilder out = new StringBuilder();
    List<List<String>> lines = rows.stream().map(row -> cells(c -> c.text(row))).toList();
    List<String> header = cells(Column::name);
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      int at = c;
      widths[c] =
          lines.stream()
              .mapToInt(line -> line.get(at).length())
              .reduce(Math.max(columns.get(c).width(), header.get(c).length()), Math::max);
    }
    if (!header.stream().allMatch(String::isEmpty)) {
      out.append(line(indent, header, widths)).append('\n');
    }
    lines.forEach(line -> out.append(line(indent, line, widths)).append('\n'));
    return out.toString();
  }

  private String line(String indent, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder(indent);
    for (int c = 0; c < widths.length; c++) {
      boolean left = columns.get(c).align() == Align.LEFT;
      if (c > 0) {
        line.append(left && columns.get(c - 1).align() == Align.RIGHT ? "  " : " ");
      }
      String blanks = " ".repeat(widths[c] - cells.get(c).length());
      line.append(left ? "" : blanks).append(cells.get(c)).append(left ? blanks : "");
    }
    return line.toString().stripTrailing();
  }

  /** Lines of a Markdown table. */
  public String markdown() {
    StringBuilder out = new StringBuilder(markdown(Column::name));
    out.append("|---".repeat(columns.size())).append("|\n");
    rows.forEach(row -> out.append(markdown(c -> c.text(row))));
    return out.toString();
  }

  private String markdown(Function<Column<R>, String> cell) {
    return cells(cell).stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private List<String> cells(Function<Column<R>, String> cell) {
    return columns.stream().map(cell).map(Table::shown).toList();
  }

  /** Names in a cell may come from files; none of their characters ends a line. */
  private static String shown(String cell) {
    return CONTROL
        .matcher(cell)
        .replaceAll(
            found -> String.format(Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
  }

  /**
   * Comma-separated values below their names, with quotes where needed; empty where there is none.
   */
  public String csv() {
    StringBuilder out = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(out, CSV)) {
      // An empty string would get quotes, null gets none.
      printer.printRecord(columns.stream().map(c -> c.name().isEmpty() ? null : c.name()));
      for (R row : rows) {
        printer.printRecord(columns.stream().map(column -> column.valueOf(row)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /** An object for each row; null stays null, and NaN, which JSON lacks, is left out. */
  public ArrayNode json() {
    ArrayNode array = JSON.arrayNode();
    for (R row : rows) {
      ObjectNode object = array.addObject();
      for (Column<R> column : columns) {
        Object value = column.value().apply(row);
        if (!(value instanceof Double x && Double.isNaN(x))) {
          object.set(column.name(), json(value));
        }
      }
    }
    return array;
  }

  private static JsonNode json(Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case Integer n -> JSON.numberNode(n);
      case Long n -> JSON.numberNode(n);
      case Double x -> JSON.numberNode(x);
      case Boolean b -> JSON.booleanNode(b);
      default -> JSON.textNode(value.toString());
    };
  }
}
