package org.spike2former.accel.tornado;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.spike2former.accel.Device;
import org.spike2former.accel.Offload;
import org.spike2former.accel.OffloadException;
import org.spike2former.accel.Step;

/** Devices by TornadoVM. It loads without TornadoVM, and then says what is missing. */
public final class TornadoOffload implements Offload {
  private static final String MODULE = "tornado.runtime";

  @Override
  public String name() {
    return "tornado";
  }

  @Override
  public List<Device> devices() {
    prepare();
    return TornadoDevices.list();
  }

  @Override
  public Session open(Device device) {
    prepare();
    return new TornadoSession(device);
  }

  @Override
  public void writeKernels(Map<Path, Step> files, Path description) {
    Path written = KernelWriter.temporary();
    TornadoSettings.writeKernels(written, description);
    prepare();
    KernelWriter.write(files, written);
  }

  /** Before the first class of TornadoVM is loaded, which reads its settings. */
  private static void prepare() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new OffloadException(
          System.getenv("TORNADOVM_HOME") == null
              ? "TORNADOVM_HOME is not set; install TornadoVM and point it at the SDK's folder"
              : "Java was started without TornadoVM; use ./s2f, or java"
                  + " @$TORNADOVM_HOME/tornado-argfile");
    }
    TornadoSettings.apply();
    KindHashes.take();
  }
}
