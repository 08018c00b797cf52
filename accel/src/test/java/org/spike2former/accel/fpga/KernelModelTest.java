package org.spike2former.accel.fpga;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Ops;

/** The kernels' memory and arithmetic against the reference, without OpenCL. */
class KernelModelTest {
  private static List<KernelShape> check(Consumer<Ops> run) {
    List<KernelShape> shapes = new ArrayList<>();
    Layers.withReference(
        reference ->
            Layers.record(
                reference,
                run,
                call -> {
                  Packing packing = new Packing(call.shape());
                  assertThat(KernelModel.run(call.shape(), packing.inputs(call)))
                      .as(call.shape().name())
                      .isEqualTo(packing.output(call));
                  shapes.add(call.shape());
                }));
    return shapes;
  }

  @Test
  void kernelsOfAwkwardSizesGiveTheReferencesBits() {
    List<KernelShape> shapes = check(Layers::runAll);
    assertThat(shapes).doesNotHaveDuplicates().hasSize(7 * 3);
    assertThat(shapes).extracting(KernelShape::kind).contains(KernelShape.Kind.values());
    assertThat(shapes).extracting(KernelShape::output).contains(KernelShape.Output.values());
    assertThat(shapes).allMatch(shape -> shape.slabs() == 1);
  }

  @Test
  void weightsThatDoNotFitTheChipComeInSlabs() {
    List<KernelShape> shapes = check(Layers::runLarge);
    assertThat(shapes).allMatch(shape -> shape.slabs() > 1 && shape.slab() % 4 == 0);
    assertThat(shapes)
        .allMatch(
            shape ->
                (long) shape.slab() * shape.steps() * KernelShape.LINE <= KernelShape.WEIGHT_BYTES);
  }
}
