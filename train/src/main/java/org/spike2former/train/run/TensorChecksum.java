package org.spike2former.train.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.spike2former.tensor.Tensor;

/** A CRC-32C over a text and named tensors, in the order of names. */
final class TensorChecksum {
  private static final int BLOCK = 8192;

  private TensorChecksum() {}

  /** Eight hexadecimal digits. */
  static String of(String text, Map<String, Tensor> tensors) {
    Checksum sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    SortedMap<String, Tensor> ordered = new TreeMap<>(tensors);
    ordered.forEach(
        (name, tensor) -> {
          sum.update(name.getBytes(StandardCharsets.UTF_8));
          add(sum, tensor);
        });
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  private static void add(Checksum sum, Tensor tensor) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < tensor.size(); from += BLOCK) {
      int count = Math.min(BLOCK, tensor.size() - from);
      switch (tensor.dtype()) {
        case F32 -> block.asFloatBuffer().put(tensor.floats(), from, count);
        case F64 -> block.asDoubleBuffer().put(tensor.doubles(), from, count);
        case SPIKES, LABELS -> block.put(0, tensor.bytes(), from, count);
      }
      sum.update(block.array(), 0, count * tensor.dtype().bytes());
    }
  }
}
