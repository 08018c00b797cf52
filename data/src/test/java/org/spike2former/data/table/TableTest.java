package org.spike2former.data.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private record Part(String name, long count, double share, String note) {}

  private static final Table<Part> TABLE =
      Table.of(
          List.of(
              new Part("stem", 1234567, 0.25, "first"),
              new Part("a longer name", 8, Double.NaN, null)),
          Column.left("name", 6, Part::name),
          Column.right("count", 7, "%,d", Part::count),
          Column.right("share", 6, "%.3f", Part::share),
          Column.left("note", Part::note));

  @Test
  void textIsAligned() {
    assertThat(TABLE.text("  "))
        .isEqualTo(
            """
              name              count  share  note
              stem          1,234,567  0.250  first
              a longer name         8
            """);
  }

  @Test
  void withoutHeadersThereIsNoLineOfThem() {
    assertThat(Table.of(List.of("a", "bb"), Column.right("", 3, x -> x)).text())
        .isEqualTo("  a\n bb\n");
    assertThat(Table.of(List.<String>of(), Column.left("x", x -> x)).text()).isEqualTo("x\n");
  }

  @Test
  void jsonHasTheValuesThemselves() {
    assertThat(TABLE.json().toString())
        .isEqualTo(
            """
            [{"name":"stem","count":1234567,"share":0.25,"note":"first"},\
            {"name":"a longer name","count":8,"note":null}]\
            """);
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    assertThat(TABLE.csv())
        .isEqualTo("name,count,share,note\nstem,1234567,0.25,first\na longer name,8,,\n");
    assertThat(
            Table.of(
                    List.of("a, b", "say \"c\"", "草"),
                    Column.of("", x -> x),
                    Column.of("T", _ -> 1))
                .csv())
        .isEqualTo(",T\n\"a, b\",1\n\"say \"\"c\"\"\",1\n草,1\n");
  }

  @Test
  void markdownHasARuleBelowTheHeaders() {
    assertThat(TABLE.markdown())
        .isEqualTo(
            """
            | name | count | share | note |
            |---|---|---|---|
            | stem | 1,234,567 | 0.250 | first |
            | a longer name | 8 |  |  |
            """);
  }

  @Test
  void aNameEndsNoLine() {
    Table<String> table = Table.of(List.of("a\nb\u001b"), Column.left("name", name -> name));
    assertThat(table.text()).isEqualTo("name\na\\u000ab\\u001b\n");
  }
}
