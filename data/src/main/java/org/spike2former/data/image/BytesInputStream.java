package org.spike2former.data.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An image file in memory. Decoders that keep reading past its end are stopped: some would go on
 * inventing pixels, up to hours where the header claims many.
 */
final class BytesInputStream extends ImageInputStreamImpl {
  private static final int MAX_READS_AT_END = 100;

  private final byte[] bytes;
  private int readsAtEnd;

  BytesInputStream(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() throws IOException {
    checkClosed();
    bitOffset = 0;
    if (streamPos >= bytes.length) {
      return end();
    }
    return bytes[(int) streamPos++] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    checkClosed();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= bytes.length) {
      return end();
    }
    int count = Math.min(length, bytes.length - (int) streamPos);
    System.arraycopy(bytes, (int) streamPos, buffer, offset, count);
    streamPos += count;
    return count;
  }

  private int end() throws IOException {
    if (++readsAtEnd > MAX_READS_AT_END) {
      // Not an EOFException, because decoders catch those.
      throw new IOException(ImageFiles.TRUNCATED);
    }
    return -1;
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
