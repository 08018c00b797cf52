/** Tensors, the operations on them, and file formats of tensors. */
@SuppressWarnings("module") // These modules are compiled later.
open module org.spike2former.tensor {
  requires com.fasterxml.jackson.databind;
  requires jdk.incubator.vector;
  requires org.slf4j;

  exports org.spike2former.tensor;
  exports org.spike2former.tensor.autograd;
  exports org.spike2former.tensor.cpu;
  exports org.spike2former.tensor.cpu.kernels to
      org.spike2former.accel,
      org.spike2former.model,
      org.spike2former.train;
  exports org.spike2former.tensor.io;
  exports org.spike2former.tensor.layer;
}
