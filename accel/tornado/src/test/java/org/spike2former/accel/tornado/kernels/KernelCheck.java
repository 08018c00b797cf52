package org.spike2former.accel.tornado.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.spike2former.accel.operation.Attention;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Convolution;
import org.spike2former.accel.operation.DeformSample;
import org.spike2former.accel.operation.Elementwise;
import org.spike2former.accel.operation.Finished;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.operation.Operation;
import org.spike2former.accel.operation.Padded;
import org.spike2former.accel.operation.Resize;
import org.spike2former.accel.tornado.TornadoSettings;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.cpu.Backends;
import org.spike2former.tensor.cpu.Workers;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Runs an operation's kernel on the device and as Java and compares both with what it should be.
 */
final class KernelCheck {
  /**
   * What an output holds before. As Java, kernels must leave what is not theirs; TornadoVM does not
   * bring an output to the device that a kernel does not read, so there nobody can tell.
   */
  static final byte BEFORE = -7;

  /** The plain operations of the CPU. */
  static final Ops OPS = Backends.create(Backend.SCALAR, Precision.F32, new Workers(1));

  /** Arrays may be longer than buffers. */
  private static final int LONGER = 5;

  private static int graphs;

  static {
    TornadoSettings.apply();
  }

  private KernelCheck() {}

  /**
   * Compares bits.
   *
   * @param expected float[], byte[] or int[]
   * @param ofOutput the operation that writes this buffer, and reads constants
   */
  static void check(Object expected, Function<Buffer, Operation> ofOutput) {
    checkAll(List.of(expected), outputs -> ofOutput.apply(outputs.get(0)));
  }

  /** As {@link #check(Object, Function)}, for an operation of several outputs. */
  static void checkAll(List<Object> expected, Function<List<Buffer>, Operation> ofOutputs) {
    List<Buffer> outputs = expected.stream().map(KernelCheck::output).toList();
    Operation operation = ofOutputs.apply(outputs);
    assertThat(operation.outputs()).isEqualTo(outputs);
    Map<Buffer, Object> arrays = new IdentityHashMap<>();
    operation.inputs().forEach(input -> arrays.put(input, array(input.constant())));
    check(operation, arrays, outputs, expected, Lanes.VECTORS);
    if (hasLanes(operation)) {
      check(operation, arrays, outputs, expected, Lanes.WARPS);
    }
  }

  /** As {@link #check(Object, Function)}, as Java alone. */
  static void checkAsJava(Object expected, Function<Buffer, Operation> ofOutput) {
    Buffer output = output(expected);
    Operation operation = ofOutput.apply(output);
    Map<Buffer, Object> arrays = new IdentityHashMap<>();
    operation.inputs().forEach(input -> arrays.put(input, array(input.constant())));
    arrays.put(output, empty(output));
    try {
      assertThat(JavaKernels.run(operation, arrays, Lanes.WARPS)).isTrue();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
    assertBits("Java, " + operation, arrays, List.of(output), List.of(expected), true);
  }

  private static void check(
      Operation operation,
      Map<Buffer, Object> arrays,
      List<Buffer> outputs,
      List<Object> expected,
      Lanes lanes) {
    String what = lanes + ", " + operation;
    try {
      outputs.forEach(output -> arrays.put(output, empty(output)));
      runOnDevice(operation, arrays, lanes);
      assertBits("device, " + what, arrays, outputs, expected, false);
      outputs.forEach(output -> arrays.put(output, empty(output)));
      if (JavaKernels.run(operation, arrays, lanes)) {
        assertBits("Java, " + what, arrays, outputs, expected, true);
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether its kernel has a choice. */
  private static boolean hasLanes(Operation operation) {
    return switch (operation) {
      case Finished(Operation of, _) -> hasLanes(of);
      case Convolution _, Padded _, DeformSample _, Resize _ -> true;
      case Attention attention -> !(attention instanceof Attention.QueryKey);
      default -> false;
    };
  }

  private static void assertBits(
      String where,
      Map<Buffer, Object> arrays,
      List<Buffer> outputs,
      List<Object> expected,
      boolean untouched) {
    for (int i = 0; i < outputs.size(); i++) {
      assertBits(where, arrays.get(outputs.get(i)), expected.get(i), untouched);
    }
  }

  private static Buffer output(Object numbers) {
    return switch (numbers) {
      case float[] floats -> Buffer.of(Buffer.Type.FLOATS, floats.length);
      case byte[] bytes -> Buffer.of(Buffer.Type.BYTES, bytes.length);
      default -> Buffer.of(Buffer.Type.INTS, ((int[]) numbers).length);
    };
  }

  private static Object array(Object numbers) {
    return switch (numbers) {
      case float[] floats -> FloatArray.fromArray(floats);
      case byte[] bytes -> ByteArray.fromArray(bytes);
      default -> IntArray.fromArray((int[]) numbers);
    };
  }

  private static Object empty(Buffer buffer) {
    int length = buffer.length() + LONGER;
    return switch (buffer.type()) {
      case FLOATS -> {
        FloatArray floats = new FloatArray(length);
        floats.init(BEFORE);
        yield floats;
      }
      case BYTES -> {
        ByteArray bytes = new ByteArray(length);
        bytes.init(BEFORE);
        yield bytes;
      }
      case INTS -> {
        IntArray ints = new IntArray(length);
        ints.init(BEFORE);
        yield ints;
      }
    };
  }

  private static void runOnDevice(Operation operation, Map<Buffer, Object> arrays, Lanes lanes) {
    Launch launch =
        KernelTable.launch(
            "task",
            operation,
            new Arrays() {
              @Override
              public Lanes lanes() {
                return lanes;
              }

              @Override
              public FloatArray floats(Buffer buffer) {
                return (FloatArray) arrays.get(buffer);
              }

              @Override
              public ByteArray bytes(Buffer buffer) {
                return (ByteArray) arrays.get(buffer);
              }

              @Override
              public IntArray ints(Buffer buffer) {
                return (IntArray) arrays.get(buffer);
              }
            });
    String name = "graph" + graphs++;
    TaskGraph graph =
        new TaskGraph(name)
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.values().toArray())
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, launch.sizes().toArray())
            .addTask(launch.task())
            .transferToHost(
                DataTransferMode.EVERY_EXECUTION,
                operation.outputs().stream().map(arrays::get).toArray());
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      if (launch.grid() != null) {
        plan.withGridScheduler(new GridScheduler(name + ".task", launch.grid()));
      }
      plan.execute();
    } catch (TornadoExecutionPlanException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * @param untouched whether to look too at elements that should hold what they held before
   */
  private static void assertBits(String where, Object found, Object expected, boolean untouched) {
    int[] longer = bits(expected);
    int length = longer.length;
    longer = java.util.Arrays.copyOf(longer, length + LONGER);
    int before = expected instanceof float[] ? Float.floatToRawIntBits(BEFORE) : BEFORE;
    java.util.Arrays.fill(longer, length, longer.length, before);
    int[] bits = bits(found);
    for (int i = 0; !untouched && i < bits.length; i++) {
      bits[i] = longer[i] == before ? before : bits[i];
    }
    assertThat(bits).as(where).isEqualTo(longer);
  }

  private static int[] bits(Object array) {
    return switch (array) {
      case FloatArray floats -> bits(floats.toHeapArray());
      case ByteArray bytes -> bits(bytes.toHeapArray());
      case IntArray ints -> bits(ints.toHeapArray());
      case float[] floats -> {
        int[] bits = new int[floats.length];
        java.util.Arrays.setAll(bits, i -> Float.floatToRawIntBits(floats[i]));
        yield bits;
      }
      case byte[] bytes -> {
        int[] bits = new int[bytes.length];
        java.util.Arrays.setAll(bits, i -> bytes[i]);
        yield bits;
      }
      default -> ((int[]) array).clone();
    };
  }

  /** Normally distributed numbers. */
  static float[] reals(Random random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Integers 0…8, half of them 0. */
  static byte[] spikes(Random random, int length) {
    byte[] numbers = new byte[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (byte) Math.max(0, random.nextInt(17) - 8);
    }
    return numbers;
  }

  /** What spikes of a scale stand for, as {@link Elementwise.Multiply} wants it. */
  static float[] spikeValues(double scale) {
    float[] values = new float[Elementwise.SPIKE_VALUES];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (k * scale);
    }
    return values;
  }

  /** Powers of two, as {@link Elementwise.Sigmoid} wants them. */
  static float[] powers() {
    float[] powers = new float[Elementwise.POWERS];
    for (int n = -126; n <= 127; n++) {
      powers[n + 127] = Math.scalb(1f, n);
    }
    return powers;
  }
}
