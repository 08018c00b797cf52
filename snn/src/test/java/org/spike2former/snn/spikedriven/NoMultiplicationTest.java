package org.spike2former.snn.spikedriven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the bytecode of the code that applies spikes: it must not multiply numbers. */
class NoMultiplicationTest {
  /** Multiplications and divisions but for those of int, which are indices' in these classes. */
  private static final Set<Opcode> PRODUCTS =
      EnumSet.of(
          Opcode.FMUL,
          Opcode.DMUL,
          Opcode.LMUL,
          Opcode.FDIV,
          Opcode.DDIV,
          Opcode.LDIV,
          Opcode.FREM,
          Opcode.DREM,
          Opcode.LREM);

  /** What may be called: these do no arithmetic on the numbers that they are given. */
  private static final Set<String> CALLS =
      Set.of(
          "java/lang/System.arraycopy",
          "java/lang/Integer.highestOneBit",
          "java/lang/Long.bitCount",
          "java/lang/Long.numberOfTrailingZeros",
          "java/lang/Math.min",
          "java/lang/foreign/MemorySegment.asSlice",
          "java/nio/ByteOrder.nativeOrder",
          "jdk/incubator/vector/DoubleVector.add",
          "jdk/incubator/vector/DoubleVector.blend",
          "jdk/incubator/vector/DoubleVector.fromArray",
          "jdk/incubator/vector/DoubleVector.fromMemorySegment",
          "jdk/incubator/vector/DoubleVector.intoArray",
          "jdk/incubator/vector/FloatVector.add",
          "jdk/incubator/vector/FloatVector.blend",
          "jdk/incubator/vector/FloatVector.fromArray",
          "jdk/incubator/vector/FloatVector.fromMemorySegment",
          "jdk/incubator/vector/FloatVector.intoArray",
          "jdk/incubator/vector/VectorMask.fromLong",
          "org/spike2former/snn/spikedriven/BinaryMaps",
          "org/spike2former/snn/spikedriven/VectorOnesLists",
          "org/spike2former/snn/spikedriven/OnesRuns",
          "org/spike2former/tensor/layer/Window");

  private static List<String> offences(Class<?> type, Predicate<String> methods)
      throws IOException {
    String name = type.getName().replace('.', '/');
    try (InputStream in = type.getResourceAsStream("/" + name + ".class")) {
      ClassModel model = ClassFile.of().parse(in.readAllBytes());
      List<String> offences = new ArrayList<>();
      for (MethodModel method : model.methods()) {
        if (methods.test(method.methodName().stringValue())) {
          method.code().orElseThrow().forEach(element -> check(name, element, offences));
        }
      }
      return offences;
    }
  }

  private static void check(String own, CodeElement element, List<String> offences) {
    if (element instanceof OperatorInstruction operator && PRODUCTS.contains(operator.opcode())) {
      offences.add(operator.opcode().name());
    }
    if (element instanceof InvokeInstruction call) {
      String owner = call.owner().asInternalName();
      String method = owner + "." + call.name().stringValue();
      if (!owner.equals(own) && !CALLS.contains(owner) && !CALLS.contains(method)) {
        offences.add(method);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        AdditionsF32.class,
        AdditionsF64.class,
        VectorAdditionsF32.class,
        VectorAdditionsF64.class,
        VectorDepthwiseAdditionsF32.class,
        VectorDepthwiseAdditionsF64.class,
        AttentionSums.class
      })
  void weightLayersAndAttentionOnlyAdd(Class<?> type) throws IOException {
    assertThat(offences(type, name -> !name.matches("<(cl)?init>"))).isEmpty();
  }

  @Test
  void theNeuronAfterAttentionOnlyCompares() throws IOException {
    assertThat(offences(PendingSums.class, "fire"::equals))
        .containsOnly("org/spike2former/tensor/Tensor.spikes");
  }

  /** It shifts the exponent of a power of two instead. */
  @Test
  void fixedPointRoundsByAdding() throws IOException {
    assertThat(offences(FixedPoint.class, name -> !name.equals("<init>")))
        .containsOnly(
            "java/lang/Double.doubleToRawLongBits",
            "java/lang/Double.longBitsToDouble",
            "java/lang/Integer.numberOfLeadingZeros",
            "java/lang/Math.clamp",
            "java/lang/Math.getExponent",
            "java/lang/Math.max");
  }

  @Test
  void multiplicationsAreSeen() throws IOException {
    assertThat(offences(MergedLayer.class, "scaled"::equals)).contains("DMUL");
    assertThat(offences(PendingSums.class, "potential"::equals)).contains("FMUL", "DMUL");
  }
}
