package org.spike2former.model.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;

/** The sine positional encoding of {@code model.md} section 8. */
final class SinePositions {
  private static final double TEMPERATURE = 10000;
  private static final double EPS = 1e-6;

  /** Tables kept: those of the levels of a few image sizes. */
  private static final int KEPT = 12;

  private record Key(int height, int width, int channels, DType type) {}

  private final Map<Key, Tensor> tables = new LinkedHashMap<>();

  /**
   * The encoding of an h×w map, [h·w, channels] of a real type: the y part, then the x part.
   *
   * @param channels F, even
   */
  synchronized Tensor table(int h, int w, int channels, DType type) {
    Tensor table =
        tables.computeIfAbsent(new Key(h, w, channels, type), _ -> make(h, w, channels, type));
    if (tables.size() > KEPT) {
      tables.remove(tables.keySet().iterator().next());
    }
    return table;
  }

  private static Tensor make(int h, int w, int channels, DType type) {
    int half = channels / 2;
    Object rows = array(waves(h, half).to(type));
    Object columns = array(waves(w, half).to(type));
    Tensor table = Tensor.zeros(type, h * w, channels);
    Object out = array(table);
    for (int i = 0; i < h * w; i++) {
      System.arraycopy(rows, i / w * half, out, i * channels, half);
      System.arraycopy(columns, i % w * half, out, i * channels + half, half);
    }
    return table;
  }

  private static Object array(Tensor x) {
    return x.dtype() == DType.F32 ? x.floats() : x.doubles();
  }

  /** The encoding along one axis, [size, half]. */
  private static Tensor waves(int size, int half) {
    double[] out = new double[size * half];
    for (int i = 0; i < size; i++) {
      double place = (i + 1) / (size + EPS) * 2 * Math.PI;
      for (int t = 0; t < half; t++) {
        out[i * half + t] = wave(t, place / StrictMath.pow(TEMPERATURE, 2.0 * (t / 2) / half));
      }
    }
    return Tensor.of(out, size, half);
  }

  private static double wave(int t, double angle) {
    return t % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
  }
}
