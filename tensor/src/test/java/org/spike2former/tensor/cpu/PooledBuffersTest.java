package org.spike2former.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.spike2former.tensor.Tensor;

class PooledBuffersTest {
  private final PooledBuffers buffers = new PooledBuffers();

  private static Tensor tensor(float[] storage) {
    return Tensor.of(storage, storage.length);
  }

  @Test
  void storageIsFreshWithoutReuse() {
    float[] first = buffers.floats(4);
    buffers.release(tensor(first));
    assertThat(buffers.floats(4)).isNotSameAs(first);
    buffers.beginRun(false, "");
    assertThat(buffers.floats(4)).isNotSameAs(first);
  }

  @Test
  void whatIsReleasedServesTheNextOfItsKind() {
    buffers.beginRun(true, "");
    float[] first = buffers.floats(4);
    buffers.release(tensor(first).reshape(2, 2));
    buffers.release(tensor(first));

    assertThat(buffers.floats(5)).hasSize(5);
    assertThat(buffers.doubles(4)).hasSize(4);
    assertThat(buffers.floats(4)).isSameAs(first);
    assertThat(buffers.floats(4)).as("released once, however often").isNotSameAs(first);
  }

  @Test
  void everythingServesTheNextRunButWhatIsKept() {
    buffers.beginRun(true, "");
    byte[] spikes = buffers.bytes(3);
    float[] kept = buffers.floats(4);
    buffers.keep(tensor(kept));
    buffers.beginRun(true, "");

    assertThat(buffers.bytes(3)).isSameAs(spikes);
    assertThat(buffers.floats(4)).isNotSameAs(kept);
  }

  @Test
  void storageThatARunHadNoUseForGoes() {
    buffers.beginRun(true, "");
    float[] first = buffers.floats(4);
    buffers.release(tensor(first));
    buffers.beginRun(true, "");
    buffers.beginRun(true, "");
    assertThat(buffers.floats(4)).isNotSameAs(first);
  }

  @Test
  void storageOfOthersIsLeftAlone() {
    buffers.beginRun(true, "");
    float[] other = new float[4];
    buffers.release(tensor(other));
    assertThat(buffers.floats(4)).isNotSameAs(other);
  }
}
