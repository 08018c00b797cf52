package org.spike2former.data.image;

import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Remembers that a reader met damaged pixels. Java's readers then only warn and go on with grey.
 */
final class DamageListener implements IIOReadWarningListener {
  private String damage;

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    // libjpeg's and the GIF reader's words; everything else, such as odd metadata, is harmless.
    boolean jpeg =
        warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes")
            || warning.startsWith("Inconsistent progression sequence");
    boolean gif = warning.startsWith("Out-of-sequence code");
    if (damage == null && warning.startsWith("Truncated File")) {
      damage = ImageFiles.TRUNCATED;
    } else if (damage == null && (jpeg || gif)) {
      damage = warning;
    }
  }

  void throwIfAny() throws IIOException {
    if (damage != null) {
      throw new IIOException(damage);
    }
  }
}
