package org.spike2former.bundled.camvid;

import java.io.InputStream;
import org.spike2former.model.weights.BundledModel;

/** The files of {@code models/camvid}, which lie beside this class. */
public final class CamvidModel extends BundledModel {
  /** For {@link java.util.ServiceLoader}. */
  public CamvidModel() {
    super("camvid");
  }

  @Override
  protected InputStream open(String file) {
    return CamvidModel.class.getResourceAsStream(file);
  }
}
