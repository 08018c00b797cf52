package org.spike2former.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.spike2former.accel.operation.Lanes;

class DeviceTest {
  private static final String PROPERTY = "s2f.accel.lanes";

  private static Device device(String kind) {
    return new Device(0, 0, "OPENCL", "some", kind, 1 << 30, 1 << 28);
  }

  @AfterEach
  void forget() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void onlyGpusShareChannelsAmongNeighbours() {
    assertThat(device("GPU").lanes()).isEqualTo(Lanes.WARPS);
    assertThat(device("CPU").lanes()).isEqualTo(Lanes.VECTORS);
    assertThat(device("ACCELERATOR").lanes()).isEqualTo(Lanes.VECTORS);
  }

  @Test
  void aPropertySaysOtherwise() {
    System.setProperty(PROPERTY, "vectors");
    assertThat(device("GPU").lanes()).isEqualTo(Lanes.VECTORS);
    System.setProperty(PROPERTY, "warps");
    assertThat(device("CPU").lanes()).isEqualTo(Lanes.WARPS);
    System.setProperty(PROPERTY, "threads");
    assertThatThrownBy(() -> device("GPU").lanes())
        .hasMessage("s2f.accel.lanes: expected vectors or warps, found threads");
  }
}
