package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Backend;
import org.spike2former.tensor.Ops;
import org.spike2former.tensor.Precision;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.kernels.ScalarKernelsF32;
import org.spike2former.tensor.cpu.vector.VectorKernelsF32;
import org.spike2former.tensor.layer.WeightLayer;
import org.spike2former.tensor.layer.WeightType;

class Int8KernelsTest {
  /** Weights do not stay once they are packed, so those that follow have to make them again. */
  @Test
  void kernelsMayChangeAfterALayerWasPacked() {
    Samples samples = new Samples(1);
    WeightLayer layer = samples.dense(40, 33, 3, 1, 1);
    Tensor x = samples.input(true, Precision.F32, 1, 7, 9, 40);
    try (Workers workers = new Workers(2)) {
      Ops scalar = Backends.create(Backend.SCALAR, Precision.F32, WeightType.INT8, workers);
      StagedKernelsF32 kernels =
          new StagedKernelsF32(new ScalarKernelsF32(), new VectorKernelsF32());
      Ops staged = new Int8Ops(kernels, workers);
      for (int i = 0; i < 3; i++) {
        assertThat(staged.layer(x, layer).bitEquals(scalar.layer(x, layer))).isTrue();
        assertThat(
                staged
                    .layerSpikes(x, layer, "n", 4, 0.25)
                    .bitEquals(scalar.layerSpikes(x, layer, "n", 4, 0.25)))
            .isTrue();
        assertThat(kernels.areLast()).isEqualTo(i > 0);
        kernels.begin(Backends.FIRST_WORK);
      }
    }
  }
}
