package org.spike2former.accel.tornado;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.spike2former.accel.MemoryPlan;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.tornado.kernels.Arrays;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The arrays of a plan, outside Java's heap; TornadoVM has a copy of each on the device. */
final class DeviceArrays implements Arrays {
  private final MemoryPlan memory;
  private final Lanes lanes;
  private final Map<Object, TornadoNativeArray> arrays = new IdentityHashMap<>();
  private final Map<List<Integer>, IntArray> sizes = new HashMap<>();
  private final Set<Integer> hashes = new HashSet<>();

  DeviceArrays(MemoryPlan memory, Lanes lanes) {
    this.memory = memory;
    this.lanes = lanes;
  }

  @Override
  public Lanes lanes() {
    return lanes;
  }

  /** The array of a buffer, a part's in that of the whole. */
  TornadoNativeArray of(Buffer part) {
    Buffer buffer = part.whole();
    return buffer.isConstant()
        ? arrays.computeIfAbsent(buffer, _ -> distinct(() -> constant(buffer)))
        : arrays.computeIfAbsent(
            memory.allocation(buffer), _ -> distinct(() -> empty(memory.allocation(buffer))));
  }

  /** TornadoVM takes two arrays of equal hashes for one, which happens once in 2³¹ pairs. */
  private TornadoNativeArray distinct(Supplier<TornadoNativeArray> maker) {
    for (int attempt = 0; attempt < 100; attempt++) {
      TornadoNativeArray array = maker.get();
      if (hashes.add(array.hashCode())) {
        return array;
      }
    }
    throw new OffloadException(
        "Java gives objects equal identity hashes, by which TornadoVM tells arrays apart; start it"
            + " without -XX:hashCode");
  }

  private static TornadoNativeArray constant(Buffer buffer) {
    return switch (buffer.type()) {
      case FLOATS -> FloatArray.fromArray((float[]) buffer.constant());
      case BYTES -> ByteArray.fromArray((byte[]) buffer.constant());
      case INTS -> IntArray.fromArray((int[]) buffer.constant());
    };
  }

  private static TornadoNativeArray empty(MemoryPlan.Allocation allocation) {
    return switch (allocation.type()) {
      case FLOATS -> new FloatArray(allocation.length());
      case BYTES -> new ByteArray(allocation.length());
      case INTS -> new IntArray(allocation.length());
    };
  }

  @Override
  public FloatArray floats(Buffer buffer) {
    return (FloatArray) of(buffer);
  }

  @Override
  public ByteArray bytes(Buffer buffer) {
    return (ByteArray) of(buffer);
  }

  @Override
  public IntArray ints(Buffer buffer) {
    return (IntArray) of(buffer);
  }

  @Override
  public IntArray sizes(int... numbers) {
    List<Integer> key = IntStream.of(numbers).boxed().toList();
    return sizes.computeIfAbsent(key, _ -> (IntArray) distinct(() -> IntArray.fromArray(numbers)));
  }

  /** Writes numbers to a buffer's array on the host. */
  void write(Buffer buffer, Object numbers) {
    MemorySegment to = of(buffer).getSegment();
    MemorySegment from = heap(numbers);
    MemorySegment.copy(from, 0, to, 0, buffer.bytes());
  }

  /** Reads a buffer's array on the host. */
  Object read(Buffer buffer) {
    Object numbers =
        switch (buffer.type()) {
          case FLOATS -> new float[buffer.length()];
          case BYTES -> new byte[buffer.length()];
          case INTS -> new int[buffer.length()];
        };
    MemorySegment.copy(of(buffer).getSegment(), 0, heap(numbers), 0, buffer.bytes());
    return numbers;
  }

  private static MemorySegment heap(Object numbers) {
    if (numbers instanceof float[] floats) {
      return MemorySegment.ofArray(floats);
    }
    return numbers instanceof byte[] bytes
        ? MemorySegment.ofArray(bytes)
        : MemorySegment.ofArray((int[]) numbers);
  }
}
