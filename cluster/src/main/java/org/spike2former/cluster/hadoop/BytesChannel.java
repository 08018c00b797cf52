package org.spike2former.cluster.hadoop;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Bytes that are read as a file is. */
final class BytesChannel implements SeekableByteChannel {
  private final byte[] bytes;
  private int position;
  private boolean open = true;

  BytesChannel(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(ByteBuffer to) {
    if (position >= bytes.length) {
      return -1;
    }
    int count = Math.min(to.remaining(), bytes.length - position);
    to.put(bytes, position, count);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long next) {
    position = Math.toIntExact(Math.min(next, bytes.length));
    return this;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
