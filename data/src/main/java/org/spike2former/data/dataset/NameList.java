package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A text file with a name per line. */
final class NameList {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private NameList() {}

  /**
   * Reads it as UTF-8, or as UTF-16 where it begins with a byte order mark. Blank lines, and blanks
   * around a name, do not count.
   *
   * @throws IOException naming the file if it is missing, in another encoding, or without a name
   */
  static List<String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": no such list of names");
    }
    byte[] bytes = Files.readAllBytes(file);
    String text;
    try {
      text = charset(bytes).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not UTF-8 text; save the list in that encoding", e);
    }
    if (text.indexOf('\0') >= 0) {
      throw new IOException(file + ": not a list of names, but binary data");
    }
    List<String> names =
        text.replace(String.valueOf(BYTE_ORDER_MARK), "")
            .lines()
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.isEmpty()) {
      throw new IOException(file + ": the list is empty");
    }
    return names;
  }

  private static Charset charset(byte[] bytes) {
    boolean marked =
        bytes.length >= 2
            && Stream.of(0xFEFF, 0xFFFE)
                .anyMatch(mark -> mark == ((bytes[0] & 0xff) << 8 | bytes[1] & 0xff));
    return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }
}
