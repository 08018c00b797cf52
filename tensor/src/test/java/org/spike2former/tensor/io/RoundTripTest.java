package org.spike2former.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

class RoundTripTest {
  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("round-trip");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Every bit pattern, so also signalling NaNs, infinities and subnormal numbers. */
  @Provide
  Arbitrary<Tensor> tensors() {
    Arbitrary<int[]> shapes = Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(4);
    return Combinators.combine(shapes, Arbitraries.of(DType.class), Arbitraries.longs())
        .as(RoundTripTest::random);
  }

  private static Tensor random(int[] shape, DType dtype, long seed) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.zeros(dtype, shape);
    for (int i = 0; i < tensor.size(); i++) {
      switch (dtype) {
        case F32 -> tensor.floats()[i] = Float.intBitsToFloat(random.nextInt());
        case F64 -> tensor.doubles()[i] = Double.longBitsToDouble(random.nextLong());
        case SPIKES -> tensor.bytes()[i] = (byte) random.nextInt(128);
        case LABELS -> tensor.bytes()[i] = (byte) random.nextInt(256);
      }
    }
    return tensor;
  }

  @Property(tries = 150)
  void safetensors(
      @ForAll @Size(max = 4) Map<String, Integer> names,
      @ForAll Map<String, String> metadata,
      @ForAll("tensors") Tensor first,
      @ForAll("tensors") Tensor second)
      throws IOException {
    Map<String, Tensor> tensors = new HashMap<>();
    names.forEach((name, number) -> tensors.put(name, number % 2 == 0 ? first : second));
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, tensors, metadata);
    assertThat(Files.size(file) - tensors.values().stream().mapToLong(this::bytes).sum())
        .satisfies(header -> assertThat(header % 8).isZero());
    try (Safetensors read = Safetensors.open(file)) {
      assertThat(read.metadata()).isEqualTo(metadata);
      assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        assertEqual(entry.getValue(), read, entry.getKey());
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    Safetensors.write(file, new TreeMap<>(tensors), new TreeMap<>(metadata));
    assertThat(file).hasBinaryContent(bytes);
  }

  private long bytes(Tensor tensor) {
    return (long) tensor.size() * tensor.dtype().bytes();
  }

  private static void assertEqual(Tensor tensor, Safetensors read, String name) throws IOException {
    if (!tensor.dtype().isReal()) {
      assertThat(read.shape(name)).isEqualTo(tensor.shape());
      assertThat(read.readBytes(name)).isEqualTo(tensor.bytes());
      assertThat(read.read(name).bitEquals(tensor.to(DType.F32))).isTrue();
    } else {
      assertThat(read.read(name).bitEquals(tensor)).isTrue();
    }
  }

  @Property(tries = 150)
  void npy(@ForAll("tensors") Tensor tensor) throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, tensor);
    Npy read = Npy.read(file);
    if (!tensor.dtype().isReal()) {
      assertThat(read.shape()).isEqualTo(tensor.shape());
      assertThat(read.bytes()).isEqualTo(tensor.bytes());
    } else {
      assertThat(read.tensor().bitEquals(tensor)).isTrue();
    }
  }
}
