package org.spike2former.data.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spike2former.data.event.EventFormat.TimeUnit;

class EventReaderTest {
  @TempDir private Path folder;

  private static EventFormat format(String columns, TimeUnit unit, boolean signed, boolean header) {
    return new EventFormat(columns, unit, signed, header, 30, 20);
  }

  private List<String> read(String text, EventFormat format) throws IOException {
    Path file = Files.writeString(folder.resolve("e.txt"), text);
    List<String> events = new ArrayList<>();
    try (EventReader reader = new EventReader(file, format)) {
      long count =
          reader.read((x, y, t, p) -> events.add(x + " " + y + " " + t + (p ? " +" : " -")));
      assertThat(count).isEqualTo(events.size());
    }
    return events;
  }

  @Test
  void separatorsCommentsAndLineEndsDoNotMatter() throws IOException {
    String text = "# made by hand\n1 2 3 0\n\n1,2,4,1\r\n 29\t19 ; 5 1 0.5\n1.0 2.000 6.0 1";
    assertThat(read(text, format("xytp", TimeUnit.US, false, false)))
        .containsExactly("1 2 3000 -", "1 2 4000 +", "29 19 5000 +", "1 2 6000 +");
  }

  @Test
  void columnsUnitPolarityAndHeaderAreAsStated() throws IOException {
    String text = "t,x,y,polarity\n1468939993.067416019,3,4,-1\n1.468939994e9,3,4,+1\n";
    assertThat(read(text, format("txyp", TimeUnit.S, true, true)))
        .containsExactly("3 4 1468939993067416019 -", "3 4 1468939994000000000 +");
    assertThat(read("7 -1 2 3", format("tpyx", TimeUnit.MS, true, false)))
        .containsExactly("3 2 7000000 -");
    assertThat(read("7 1 2 3", format("tpyx", TimeUnit.NS, true, false)))
        .containsExactly("3 2 7 +");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 0 1 1|x must be a whole number from 0 to 29, found \"30\"",
        "0 20 1 1|y must be a whole number from 0 to 19, found \"20\"",
        "-1 0 1 1|x must be a whole number from 0 to 29, found \"-1\"",
        "0.5 0 1 1|x must be a whole number from 0 to 29, found \"0.5\"",
        "0 0 noon 1|t must be a time in us, found \"noon\"",
        "0 0 1e99999 1|t must be a time in us, found \"1e99999\"",
        "0 0 NaN 1|t must be a time in us, found \"NaN\"",
        "0 0 9223372036854775807 1|t must be a time in us, found \"9223372036854775807\"",
        "0 0 5 -1|p must be 0 or 1, found \"-1\"",
        "0 0 5 2|p must be 0 or 1, found \"2\"",
        "0 0 5|expected x, y, t, p, found \"0 0 5\"",
        "0 0 1 1|its time is before that of the event in front; sort the events by time",
      })
  void badLinesAreNamed(String line, String problem) {
    assertThatThrownBy(
            () -> read("0 0 2 1\n" + line + "\n", format("xytp", TimeUnit.US, false, false)))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve("e.txt") + ": line 2: " + problem);
  }

  @Test
  void aHeaderIsNeverGuessed() {
    assertThatThrownBy(() -> read("x,y,t,p\n", format("xytp", TimeUnit.US, false, false)))
        .hasMessage(
            folder.resolve("e.txt")
                + ": line 1: x must be a whole number from 0 to 29, found \"x\"; is it a header"
                + " (--header)?");
  }

  @Test
  void whatIsNoTextIsRefusedEarly() throws IOException {
    Path binary = Files.write(folder.resolve("b.aedat4"), new byte[] {35, 33, -1, -2, 0, 1});
    assertThatThrownBy(() -> count(binary)).hasMessageContaining("line 1: not text");
    Path endless = Files.writeString(folder.resolve("long.txt"), "1".repeat(100_000));
    assertThatThrownBy(() -> count(endless)).hasMessageContaining("line 1: longer than 1000");
    Path nowhere = folder.resolve("none.txt");
    assertThatThrownBy(() -> count(nowhere)).hasMessage(nowhere + ": no such file");
  }

  private static long count(Path file) throws IOException {
    try (EventReader reader = new EventReader(file, format("xytp", TimeUnit.US, false, false))) {
      return reader.read((_, _, _, _) -> {});
    }
  }

  @Test
  void theFormatIsChecked() {
    assertThatThrownBy(() -> format("xyt", TimeUnit.US, false, false))
        .hasMessage("expected the letters x, y, t and p in the order of the columns, found xyt");
    assertThatThrownBy(() -> new EventFormat("xytp", TimeUnit.US, false, false, 0, 5))
        .hasMessage("expected sides of 1 to 16384 pixels, found 0x5");
  }
}
