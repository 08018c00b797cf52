package org.spike2former.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.checkpoint;
import static org.spike2former.tensor.io.TestFiles.pickle;
import static org.spike2former.tensor.io.TestFiles.zip;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.io.TensorArchive;

@Timeout(30)
class HostilePickleTest {
  /** A float storage of two elements under key 0, as a persistent id leaves it on the stack. */
  private static final String STORAGE =
      "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0" + "0X\3\0\0\0cpuK\2tQ";

  private static final String REBUILD = "ctorch._utils\n_rebuild_tensor_v2\n";

  @TempDir Path folder;

  private void assertPickleRefused(String saying, String operations) throws IOException {
    Path file = checkpoint(folder, pickle(operations));
    assertRefused(file, saying, () -> PyTorchCheckpoint.open(file).close());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cos\nsystem\n(S'true'\ntR", // REDUCE
        "cos\nsystem\nX\4\0\0\0true\u0085R",
        "(S'true'\nios\nsystem\n", // INST
        "(cos\nsystem\nS'true'\no", // OBJ
        "cos\nsystem\n)\u0081", // NEWOBJ
        "cos\nsystem\n)}\u0092", // NEWOBJ_EX
        "cos\nsystem\n)}X\1\0\0\0aK\1s\u0092", // with a keyword
        "\u008c\2os\u0094\u008c\6system\u0094\u0093\u008c\4true\u0085R", // STACK_GLOBAL
        "cos\nsystem\n)R)R", // its result called
        "cos\nsystem\n)R}b", // with state
        "cos\nsystem\n)Rcos\nsystem\n)Rb",
        "cos\nsystem\n)RNa", // appended to
        "cos\nsystem\n)RNNs", // filled
      })
  void aFunctionOnlyGivesItsNameWhateverTheOperation(String operations) throws IOException {
    assertPickleRefused("an object of class os.system", operations + ".");
    try (PyTorchCheckpoint file = openBeside(operations)) {
      assertThat(file.read("w").floats()).containsExactly(0, 0);
      assertThat(file.unread()).containsExactly(new TensorArchive.Unread("x", "os.system"));
    }
  }

  /** A checkpoint of one tensor under "model", and the value of these operations next to it. */
  private PyTorchCheckpoint openBeside(String operations) throws IOException {
    String tensor = REBUILD + "(" + STORAGE + "K\0K\2\u0085K\1\u0085\u0089NtR";
    String pickle = "}(X\5\0\0\0model}X\1\0\0\0w" + tensor + "sX\1\0\0\0x" + operations + "u.";
    Map<String, byte[]> entries = Map.of("a/data.pkl", pickle(pickle), "a/data/0", new byte[8]);
    return PyTorchCheckpoint.open(zip(folder, entries, ZipEntry.STORED));
  }

  @ParameterizedTest
  @CsvSource({
    "builtins,eval",
    "builtins,exec",
    "builtins,getattr",
    "__builtin__,__import__",
    "subprocess,Popen",
    "posix,system",
    "nt,system",
    "torch,load",
    "torch.hub,load",
    "numpy,load",
    "collections,OrderedDict.__init__",
    "mmengine.logging.history_buffer,HistoryBuffer.min",
    "operator,attrgetter",
    "java.lang,Runtime",
    "org.spike2former.tensor.io.torch,PickleReader",
    "mmengine.config,Config",
  })
  void everyOtherNameStaysAName(String module, String name) throws IOException {
    String global = "c" + module + "\n" + name + "\n";
    assertPickleRefused(name, global + ")R.");
    assertPickleRefused("the name " + (module + "." + name).substring(0, 8), global + ".");
    String shown = (module + "." + name).replaceFirst("^(builtins|__builtin__)\\.", "");
    try (PyTorchCheckpoint file = openBeside(global + ")R")) {
      assertThat(file.unread()).containsExactly(new TensorArchive.Unread("x", shown));
    }
  }

  @Test
  void callsOnlyWhatCanBeCalled() throws IOException {
    assertPickleRefused("refuses to call", "X\2\0\0\0os)R.");
    assertPickleRefused("refuses to call", "})R.");
    assertPickleRefused("refuses to call", "ccollections\nOrderedDict\n)R)R.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0080",
        "\u0080\2",
        "}",
        "X\5\0\0\0ab.",
        "X\u00ff\u00ff\u00ff\u00ff.",
        "]h",
        "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.",
        "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.",
        "\u0096\0\0\0\0\0\0\0\u0010.",
        "\u008a\u00ff.",
        "cos",
        "S'abc",
        "\u0095\0\0\0",
      })
  void refusesTruncation(String operations) throws IOException {
    assertPickleRefused("ends too early", operations);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ".|more from its stack",
        "0.|more from its stack",
        "2.|more from its stack",
        "\u0085.|more from its stack",
        "a.|more from its stack",
        "}s.|more from its stack",
        "R.|more from its stack",
        "b.|more from its stack",
        "Nb.|more from its stack",
        "Q.|more from its stack",
        "q\0.|more from its stack",
        "]K\1(a.|more from its stack",
        "t.|misses a mark",
        "u.|misses a mark",
        "e.|misses a mark",
        "1.|misses a mark",
        "o.|misses a mark",
        "(o.|object of no class",
        "h\7.|recalls value 7",
        "j\u00ff\u00ff\u00ff\u00ff.|recalls value 4294967295",
        "}K\1a.|to a list",
        "](K\1\u0090.|fills a set",
        "}(K\1\u0090.|fills a set",
        "](K\1K\1u.|fills a dictionary",
        "}(K\1u.|key without a value",
        "}]K\1s.|key that is a container",
        "}}K\1s.|key that is a container",
        "K\1K\2R.|arguments of a call",
        "K\1K\2\u0093.|name of a module",
        "NX\1\0\0\0aQ.|outside of the pickle",
        "K\1Q.|outside of the pickle",
        ")Q.|outside of the pickle",
        "\u0080\6.|protocol 6",
        "\u0082\1.|operation 0x82",
        "\u0097.|operation 0x97",
        "\u00ff.|operation 0xff",
        "\u008b\u00ff\u00ff\u00ff\u007f.|integer of",
        "K\1.|single value",
        "].|single value",
        "}.|no tensors",
        "N.|single value",
        "].|single value",
      })
  void refusesNonsense(String operations, String saying) throws IOException {
    assertPickleRefused(saying, operations);
  }

  @Test
  void refusesLinesThatAreNotWhatTheySay() throws IOException {
    assertPickleRefused("an integer", "Iabc\n.");
    assertPickleRefused("an integer", "L\n.");
    assertPickleRefused("a number", "Fabc\n.");
    assertPickleRefused("outside of the pickle", "Pabc\n.");
    assertPickleRefused("without quotes", "Sabc\n.");
    assertPickleRefused("without quotes", "S'abc\"\n.");
    assertPickleRefused("without quotes", "S'\n.");
    assertPickleRefused("escaped", "S'\\x41'\n.");
    assertPickleRefused("escaped", "V\\u0041\n.");
    assertPickleRefused("500 digits", "L" + "1".repeat(500) + "L\n.");
    assertPickleRefused("longer than", "I" + "1".repeat(5000) + "\n.");
    assertPickleRefused("recalls value", "g99999999999999\n.");
    assertPickleRefused("index of its memo", "g" + "9".repeat(40) + "\n.");
    assertPickleRefused("single value", "I01\n0I00\n0L5L\n0F1.5\n0Vabc\n0S'abc'\np5\n0g5\n.");
  }

  @Test
  void refusesDepthWithoutOverflowingTheStack() throws IOException {
    int depth = 100_000;
    String open = "}X\1\0\0\0a".repeat(depth);
    assertPickleRefused("no tensors", open + "N" + "s".repeat(depth) + ".");
    assertPickleRefused("too deep", open + "ctorch\nTensor\n)R" + "s".repeat(depth) + ".");
    assertPickleRefused("single value", ")" + "\u0085".repeat(depth) + ".");
    assertPickleRefused("single value", "(".repeat(depth) + "N" + "t".repeat(depth) + ".");
    assertPickleRefused("class os.system", "cos\nsystem\n" + ")R".repeat(depth) + ".");
    String nested = "cos\nsystem\n2".repeat(depth) + ")R" + "\u0085R".repeat(depth - 1);
    assertPickleRefused("class os.system", nested + ".");
    try (PyTorchCheckpoint file = openBeside(")" + "\u0085".repeat(depth))) {
      assertThat(file.names()).containsExactly("w");
    }
  }

  /** Values next to the weights may contain themselves, as those of some libraries do. */
  @Test
  void refusesADictionaryThatHoldsItselfAsWeights() throws IOException {
    assertPickleRefused("no tensors", "}q\0X\1\0\0\0ah\0s.");
    assertPickleRefused("too deep", "}q\0(X\1\0\0\0ah\0X\1\0\0\0bctorch\nTensor\n)Ru.");
    try (PyTorchCheckpoint file = openBeside("}q\0X\1\0\0\0ah\0s")) {
      assertThat(file.unread()).extracting("description").containsExactly("dict of 1");
    }
    try (PyTorchCheckpoint file = openBeside("cos\nsystem\n)Rq\0h\0b")) {
      assertThat(file.unread()).extracting("description").containsExactly("os.system");
    }
  }

  @Test
  void refusesSharingThatIsExponentialWhenFlattened() throws IOException {
    StringBuilder operations = new StringBuilder("}q\0X\1\0\0\0xctorch\nTensor\n)Rs");
    for (char level = 1; level < 31; level++) {
      String below = "h" + (char) (level - 1);
      operations.append("}(X\1\0\0\0a" + below + "X\1\0\0\0b" + below + "uq" + level);
    }
    assertPickleRefused("more than 100000 tensors", operations + ".");
  }

  @Test
  void refusesDictionariesThatShareAllTheyHold() throws IOException {
    String list = "](" + "N".repeat(100_000) + "eq\0";
    StringBuilder operations = new StringBuilder(list + "0}(");
    for (int i = 0; i < 2000; i++) {
      operations.append("I" + i + "\n}X\1\0\0\0ah\0s");
    }
    assertPickleRefused("no tensors", operations + "u.");
    String keys = operations.toString().replaceAll("I(\\d+)\n", "S'$1'\n");
    assertPickleRefused("share too many values", keys + "u.");
  }

  /** A name may be given again and again for a few bytes. */
  @Test
  void aLongNameIsKeptOnce() throws IOException {
    String name = "V" + "a".repeat(4000) + "\n";
    String again = "h\0h\1\u0093";
    assertPickleRefused(
        "no tensors", name + "q\0" + name + "q\1}N](" + again.repeat(500_000) + "es.");
  }

  @Test
  void hashesTuplesWithoutLookingInside() throws IOException {
    String operations = "}" + ")" + "2\u0086".repeat(60) + "K\1s.";
    assertPickleRefused("no tensors", operations);
  }

  @Test
  void refusesTooManyOperationsAndTooMuchText() throws IOException {
    assertPickleRefused("operations", "N".repeat(2_000_001));
    String text = "X\0\u0010\0\0" + "x".repeat(4096);
    Path file =
        zip(folder, Map.of("a/data.pkl", pickle(text.repeat(16_400) + ".")), ZipEntry.STORED);
    assertRefused(file, "bytes of text", () -> PyTorchCheckpoint.open(file).close());
  }

  /** A checkpoint of one tensor on a storage of two floats, or its refusal. */
  private PyTorchCheckpoint openView(String arguments) throws IOException {
    String operations = "\u0080\2}X\1\0\0\0w" + REBUILD + "(" + STORAGE + arguments + "tRs.";
    Map<String, byte[]> entries = Map.of("a/data.pkl", pickle(operations), "a/data/0", new byte[8]);
    return PyTorchCheckpoint.open(zip(folder, entries, ZipEntry.STORED));
  }

  @Test
  void opensTheHandMadeTensor() throws IOException {
    try (PyTorchCheckpoint file = openView("K\0K\2\u0085K\1\u0085\u0089N")) {
      assertThat(file.read("w").floats()).containsExactly(0, 0);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "K\1K\2\u0085K\1\u0085\u0089N|reaches beyond the 2 elements",
        "K\0K\3\u0085K\1\u0085\u0089N|reaches beyond",
        "K\0K\2\u0085K\2\u0085\u0089N|reaches beyond",
        "K\3K\0\u0085K\1\u0085\u0089N|reaches beyond",
        "K\2))\u0089N|reaches beyond",
        "J\u00ff\u00ff\u00ff\u00ffK\2\u0085K\1\u0085\u0089N|reaches beyond",
        "K\0K\2\u0085J\u00ff\u00ff\u00ff\u00ff\u0085\u0089N|has stride -1",
        "K\0J\u00ff\u00ff\u00ff\u00ff\u0085K\1\u0085\u0089N|extent -1",
        "K\0K\2\u0085)\u0089N|1 extents and 0 strides",
        "K\0J\u00ff\u00ff\u00ff\u007f2\u0086K\0K\0\u0086\u0089N|too many elements",
        "K\0J\0\0\0\u0040\u0085K\0\u0085\u0089N|expands 2 elements to 1073741824",
        "K\0K\3K\2\u0086\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fK\1\u0086\u0089N|reaches"
            + " beyond",
        "K\0\u008a\u0009\0\0\0\0\0\0\0\0\1\u0085K\1\u0085\u0089N|without a Long",
        "K\0]]\u0089N|without a Tuple",
        "NK\2\u0085K\1\u0085\u0089N|without a Long",
        "|without a Long",
      })
  void refusesAView(String arguments, String saying) {
    Path file = folder.resolve("hand.pth");
    assertRefused(file, saying, () -> openView(arguments == null ? "" : arguments).close());
  }
}
