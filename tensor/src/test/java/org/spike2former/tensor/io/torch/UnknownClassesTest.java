package org.spike2former.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spike2former.tensor.io.TestFiles.assertRefused;
import static org.spike2former.tensor.io.TestFiles.checkpoint;
import static org.spike2former.tensor.io.TestFiles.pickle;
import static org.spike2former.tensor.io.TestFiles.resource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorArchive.Unread;
import org.spike2former.tensor.io.TensorFiles;

/** Classes that the reader does not know matter only where the weights should be. */
class UnknownClassesTest {
  private static final String SUB_DICTIONARY = "clib\nDict\n)\u0081";

  @TempDir Path folder;

  private static Map<String, String> unread(TensorArchive archive) {
    return archive.unread().stream().collect(Collectors.toMap(Unread::key, Unread::description));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5})
  void areListedBesideTheWeights(int protocol) throws IOException {
    try (TensorArchive file = TensorFiles.open(resource("unknown_protocol" + protocol + ".pth"))) {
      assertThat(file.container()).isEqualTo("model");
      assertThat(file.names()).containsExactly("w");
      assertThat(file.read("w").floats()).containsExactly(1, 2, 3);
      assertThat(unread(file))
          .hasSizeGreaterThan(45)
          .containsEntry("namespace", "argparse.Namespace")
          .containsEntry("path", "pathlib.PosixPath")
          .containsEntry("hub", "dict of 1 with mmengine.logging.history_buffer.HistoryBuffer")
          .containsEntry("config", "mmengine.config.config.ConfigDict")
          .containsEntry("addict", "addict.addict.Dict")
          .containsEntry("optimizer", "optimizer state")
          .containsEntry("enum", "lib.Colour")
          .containsEntry("array", "numpy.ndarray")
          .containsEntry("keys", "dict of 5")
          .containsEntry("itself", "list of 1")
          .containsEntry("number", "number 3")
          .containsEntry("text", "text 'a\\u001b[31mb'")
          .containsEntry("long", "text of 9000 bytes");
    }
  }

  @Test
  void ofHostileFilesAreNamesToo() throws IOException {
    for (String name : new String[] {"evil.pth", "evil_protocol4.pth"}) {
      try (TensorArchive file = TensorFiles.open(resource(name))) {
        assertThat(file.read("w").floats()).containsExactly(1);
        assertThat(unread(file)).hasSize(1).containsKey("meta");
      }
    }
    try (TensorArchive file = TensorFiles.open(resource("evil.pth"))) {
      assertThat(unread(file)).containsEntry("meta", "dict of 1 with posix.system");
    }
  }

  /** Tensors that are more than their elements, or have other elements, and plain ones. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attribute|F32 [3]|",
        "parameter|F32 [3]|",
        "parameter_with_state|F32 [3]|",
        "buffer|F32 [3]|",
        "subclass|OTHER [3]|of the unknown class lib.Sub",
        "numpy|OTHER [3]|an array of numpy",
        "complex|OTHER [2]|torch.ComplexFloatStorage",
        "negated|OTHER [2]|lazily negated",
        "float8|OTHER [2]|torch.float8_e4m3fn",
        "uint16|OTHER [2]|torch.uint16",
        "quantised|OTHER [2]|quantised",
        "sparse|OTHER []|sparse",
        "sparse_rows|OTHER []|sparse",
        "meta|OTHER [2, 3]|meta device",
        "nested|OTHER []|_rebuild_nested_tensor",
        "uninitialised|OTHER []|never initialised",
      })
  void makeTensorsUnreadableOnlyWhenTheyAreWanted(String name, String type, String saying)
      throws IOException {
    try (TensorArchive file = TensorFiles.open(resource("odd_tensors.pth"))) {
      assertThat(file.read("w").floats()).containsExactly(1, 2, 3);
      String shape = Shape.toString(file.shape(name));
      assertThat(file.type(name) + " " + shape).isEqualTo(type);
      if (saying == null) {
        assertThat(file.read(name).floats()).containsExactly(1, 2, 3);
      } else {
        assertRefused(file.path(), saying, () -> file.read(name));
        assertRefused(file.path(), "tensor " + name, () -> file.readBytes(name));
      }
    }
  }

  private static String tensor(int size) {
    return "ctorch\nTensor\n)R".repeat(size);
  }

  private PyTorchCheckpoint open(String operations) throws IOException {
    return PyTorchCheckpoint.open(checkpoint(folder, pickle(operations + ".")));
  }

  private void assertPickleRefused(String saying, String operations) {
    Path file = folder.resolve("hand.pth");
    assertRefused(file, saying, () -> open(operations).close());
  }

  @Test
  void filledLikeADictionaryAreRead() throws IOException {
    String filled = SUB_DICTIONARY + "(X\1\0\0\0a" + tensor(1) + "X\1\0\0\0b" + tensor(1) + "u";
    try (PyTorchCheckpoint whole = open(filled);
        PyTorchCheckpoint inner = open("}X\5\0\0\0model" + filled + "s")) {
      assertThat(whole.names()).containsExactly("a", "b");
      assertThat(inner.names()).containsExactly("a", "b");
      assertThat(inner.container()).isEqualTo("model");
    }
    try (PyTorchCheckpoint itself = open(filled + "q\1h\1b")) {
      assertThat(itself.names()).containsExactly("a", "b");
    }
  }

  /** What else an unknown class does with its tensors is not known, so none may be dropped. */
  @Test
  void thatHoldTensorsOtherwiseAreRefusedWhereTheWeightsShouldBe() {
    String filled = SUB_DICTIONARY + "X\1\0\0\0a" + tensor(1) + "s";
    String state = "}X\1\0\0\0b" + tensor(1) + "sb";
    assertPickleRefused("an object of class lib.Dict,", filled + state);
    assertPickleRefused(
        "an object of class lib.Dict under model,", "}X\5\0\0\0model" + filled + state + "s");
    assertPickleRefused("class lib.Dict", "clib\nDict\n}X\1\0\0\0a" + tensor(1) + "s\u0085R");
    assertPickleRefused("class lib.Dict", SUB_DICTIONARY + tensor(1) + "a");
    String entry = "X\1\0\0\0a" + tensor(1) + "X\1\0\0\0bclib\nBox\n" + tensor(1) + "\u0085R";
    assertPickleRefused("tensors inside an object of class lib.Box at b", "}(" + entry + "u");
    assertPickleRefused("without a name", "}(X\1\0\0\0a" + tensor(1) + ")" + tensor(1) + "u");
  }

  @Test
  void insideAStateDictAreLeftOutIfTheyHoldNoTensors() throws IOException {
    String entries = "X\1\0\0\0a" + tensor(1) + "X\1\0\0\0bclib\nBox\n)RclibXXX\nKey\n)RK\1";
    try (PyTorchCheckpoint file = open("}(" + entries + "u")) {
      assertThat(file.names()).containsExactly("a");
      assertThat(unread(file))
          .containsEntry("b", "lib.Box")
          .containsEntry("libXXX.Key", "number 1");
    }
  }

  @Test
  void namesAreEscapedAndCut() throws IOException {
    String name = "c\u009b31m" + "l".repeat(300) + "\n\u0007Box\n)R";
    try (PyTorchCheckpoint file =
        open("}(X\5\0\0\0model}X\1\0\0\0a" + tensor(1) + "sX\2\0\0\0\n\u001b" + name + "u")) {
      Unread unread = file.unread().get(0);
      assertThat(unread.key()).isEqualTo("\\u000a\\u001b");
      assertThat(unread.description()).startsWith("\\u009b31mlll").hasSizeLessThan(80);
    }
  }

  @Test
  void pairsMakeDictionaries() throws IOException {
    String pairs = "](X\1\0\0\0a" + tensor(1) + "\u0086](X\1\0\0\0b" + tensor(1) + "ee";
    try (PyTorchCheckpoint file = open("ccollections\nOrderedDict\n" + pairs + "\u0085R")) {
      assertThat(file.names()).containsExactly("a", "b");
    }
    assertPickleRefused(
        "class collections.OrderedDict",
        "ccollections\nOrderedDict\n](" + tensor(1) + tensor(1) + "e\u0085R");
  }

  @Test
  void wholeModulesSayWhatToDo() {
    String parameters = "}X\13\0\0\0_parameters}X\1\0\0\0a" + tensor(1) + "ss";
    String module = "clib\nNet\n)\u0081" + parameters + "b";
    assertPickleRefused("a whole module of class lib.Net", module);
    assertPickleRefused("weights_only=False).state_dict(), 'weights.pth')", module);
    String legacy = "(X\6\0\0\0moduleclib\nNet\nNNtQ)\u0081" + parameters + "b";
    assertPickleRefused("a whole module of class lib.Net", legacy);
    assertPickleRefused("['model'].state_dict()", "}X\5\0\0\0model" + module + "s");
  }
}
