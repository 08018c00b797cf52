package org.spike2former.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of numbers, little endian: equal digests mean equal bits on two machines. */
final class ResultDigest {
  private final MessageDigest sha;

  ResultDigest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  ResultDigest add(byte... bytes) {
    sha.update(bytes);
    return this;
  }

  ResultDigest add(int... numbers) {
    ByteBuffer buffer = buffer(numbers.length * Integer.BYTES);
    buffer.asIntBuffer().put(numbers);
    return add(buffer.array());
  }

  ResultDigest add(double number) {
    return add(buffer(Double.BYTES).putDouble(number).array());
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** In lower-case hexadecimal digits. */
  String text() {
    return HexFormat.of().formatHex(sha.digest());
  }
}
