package org.spike2former.fuzz.mutation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** Puts operations into a pickle, or takes some out; each character stands for a byte. */
public final class PickleOperations implements Mutation {
  private static final List<String> OPERATIONS =
      List.of(
          "(",
          ".",
          "0",
          "1",
          "2",
          "N",
          "\u0088",
          "\u0089",
          "]",
          "}",
          ")",
          "\u008f",
          "a",
          "e",
          "s",
          "u",
          "t",
          "\u0085",
          "\u0086",
          "\u0087",
          "\u0090",
          "\u0091",
          "l",
          "d",
          "o",
          "R",
          "b",
          "Q",
          "\u0081",
          "\u0092",
          "\u0093",
          "\u0094",
          "q\0",
          "h\0",
          "h\1",
          "K\1",
          "M\377\377",
          "J\377\377\377\377",
          "I1\n",
          "L9999999999999999999L\n",
          "F1e999\n",
          "S'a'\n",
          "Va\n",
          "X\1\0\0\0a",
          "X\377\377\377\377",
          "\u008c\1a",
          "\u008d\1\0\0\0\0\0\0\0a",
          "\u008e\377\377\377\377\377\377\377\177",
          "B\1\0\0\0a",
          "C\1a",
          "U\1a",
          "T\1\0\0\0a",
          "\u008a\10\377\377\377\377\377\377\377\177",
          "\u008b\377\377\377\177",
          "G????????",
          "\u0080\2",
          "\u0080\5",
          "\u0095\377\377\377\377\377\377\377\377",
          "\u0096\1\0\0\0\0\0\0\0a",
          "\u0097",
          "\u0098",
          "j\377\377\377\177",
          "r\377\377\377\177",
          "p99\n",
          "g99\n",
          "P1\n",
          "cos\nsystem\n",
          "ctorch._utils\n_rebuild_tensor_v2\n",
          "ctorch\nFloatStorage\n",
          "ccollections\nOrderedDict\n",
          "ibuiltins\neval\n",
          "\u0082\1",
          "\u0083\1\0");

  private static final int MOST = 64;
  private static final int MOST_TIMES = 2000;

  @Override
  public byte[] apply(byte[] file, RandomGenerator random) {
    int at = random.nextInt(file.length + 1);
    String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
    int times = random.nextInt(8) == 0 ? 1 + random.nextInt(MOST_TIMES) : 1;
    byte[] operations = operation.repeat(times).getBytes(StandardCharsets.ISO_8859_1);
    int end = Math.min(file.length, at + random.nextInt(MOST));
    return switch (random.nextInt(4)) {
      case 0 -> Bytes.splice(file, at, end, new byte[0]);
      case 1 -> Bytes.splice(file, at, end, operations);
      default -> Bytes.splice(file, at, at, operations);
    };
  }
}
