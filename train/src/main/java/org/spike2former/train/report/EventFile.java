package org.spike2former.train.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events that TensorBoard reads: TFRecords, each an {@code Event} message. A record is
 * its length as 8 bytes, a checksum of these, the message, and a checksum of that, all of the least
 * byte first.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/event.proto">
 *     event.proto</a>
 */
final class EventFile {
  private static final String VERSION = "brain.Event:2";

  /** Added to checksums, so that a checksum of data that hold checksums is another. */
  private static final int MASK = 0xa282ead8;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final Path file;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  /**
   * Begins a file, which is there with the first {@link #flush}.
   *
   * @param seconds since 1970
   */
  EventFile(Path file, double seconds) {
    this.file = file;
    Message event = new Message();
    event.number(1, seconds);
    event.bytes(3, VERSION.getBytes(StandardCharsets.UTF_8));
    write(event);
  }

  /**
   * Says that a program begins: what older files of the folder have from this step on is no longer
   * true.
   *
   * @param seconds since 1970
   */
  void session(double seconds, long step) {
    Message start = new Message();
    start.integer(1, 1);
    Message event = new Message();
    event.number(1, seconds);
    event.integer(2, step);
    event.message(7, start);
    write(event);
  }

  /**
   * Adds numbers of a step by their names; a slash in a name puts it into a group.
   *
   * @param seconds since 1970
   */
  void scalars(double seconds, long step, Map<String, Double> values) {
    Message summary = new Message();
    values.forEach(
        (name, value) -> {
          Message entry = named(name);
          entry.number(2, value.floatValue());
          summary.message(1, entry);
        });
    write(event(seconds, step, summary));
  }

  /**
   * Adds a picture of a step.
   *
   * @param seconds since 1970
   */
  void picture(double seconds, long step, String name, int height, int width, byte[] png) {
    Message image = new Message();
    image.integer(1, height);
    image.integer(2, width);
    image.integer(3, 3);
    image.bytes(4, png);
    Message entry = named(name);
    entry.message(4, image);
    Message summary = new Message();
    summary.message(1, entry);
    write(event(seconds, step, summary));
  }

  private static Message named(String name) {
    Message entry = new Message();
    entry.bytes(1, name.getBytes(StandardCharsets.UTF_8));
    return entry;
  }

  private static Message event(double seconds, long step, Message summary) {
    Message event = new Message();
    event.number(1, seconds);
    event.integer(2, step);
    event.message(5, summary);
    return event;
  }

  private void write(Message message) {
    byte[] body = message.bytes.toByteArray();
    byte[] length = little(Long.BYTES).putLong(body.length).array();
    pending.writeBytes(length);
    pending.writeBytes(checksum(length));
    pending.writeBytes(body);
    pending.writeBytes(checksum(body));
  }

  /** Appends what was added to the file; TensorBoard reads it while the run goes on. */
  void flush() throws IOException {
    Files.write(file, pending.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    pending.reset();
  }

  private static byte[] checksum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    int masked = Integer.rotateRight((int) sum.getValue(), 15) + MASK;
    return little(Integer.BYTES).putInt(masked).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A message of protocol buffers: fields by number. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void integer(int field, long value) {
      varint((long) field << 3 | VARINT);
      varint(value);
    }

    void number(int field, double value) {
      varint((long) field << 3 | FIXED64);
      bytes.writeBytes(little(Double.BYTES).putDouble(value).array());
    }

    void number(int field, float value) {
      varint((long) field << 3 | FIXED32);
      bytes.writeBytes(little(Float.BYTES).putFloat(value).array());
    }

    void bytes(int field, byte[] value) {
      varint((long) field << 3 | BYTES);
      varint(value.length);
      bytes.writeBytes(value);
    }

    void message(int field, Message value) {
      bytes(field, value.bytes.toByteArray());
    }

    /** Seven bits a byte, the least first; all but the last have their eighth bit set. */
    private void varint(long value) {
      long rest = value;
      for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
        bytes.write((int) (rest & 0x7f | 0x80));
      }
      bytes.write((int) rest);
    }
  }
}
