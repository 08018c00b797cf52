package org.spike2former.data.image;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.IIOException;

/**
 * Decodes the lossless form of WebP. There is a reader in a library, but it refuses files of few
 * bits and narrow pictures, and takes any number of transforms, each as much work as the picture.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9649#section-3">the format</a>
 */
final class WebpLossless {
  private static final int SIGNATURE = 0x2f;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int LONGEST_CACHE = 11;
  private static final int HASH = 0x1e35a7bd;

  /** Offsets of the first 120 distances, (x, y) to the left and above, the nearest first. */
  private static final int[][] NEAR =
      IntStream.range(0, 8)
          .boxed()
          .flatMap(y -> IntStream.rangeClosed(y == 0 ? 1 : -7, 8).mapToObj(x -> new int[] {x, y}))
          .sorted(
              Comparator.<int[]>comparingInt(at -> at[0] * at[0] + at[1] * at[1])
                  .thenComparingInt(at -> Math.abs(at[0]))
                  .thenComparingInt(at -> -at[0]))
          .toArray(int[][]::new);

  /** The five codes of a group: green, lengths and cache; red; blue; alpha; distance. */
  private record Group(
      WebpPrefixCode green,
      WebpPrefixCode red,
      WebpPrefixCode blue,
      WebpPrefixCode alpha,
      WebpPrefixCode distance) {}

  private final WebpBits in;

  private WebpLossless(WebpBits in) {
    this.in = in;
  }

  /**
   * Decodes a picture.
   *
   * @param from where the chunk's content begins
   * @param end where it ends
   * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}, without alpha
   * @throws IIOException if it is damaged, ends too early or is too large
   */
  static BufferedImage decode(byte[] bytes, int from, int end) throws IIOException {
    WebpBits in = new WebpBits(bytes, from, end);
    if (in.read(8) != SIGNATURE) {
      throw new IIOException("the lossless picture has another signature");
    }
    int width = 1 + in.read(14);
    int height = 1 + in.read(14);
    ImageFiles.requireSize(width, height);
    in.readFlag();
    if (in.read(3) != 0) {
      throw new IIOException("the lossless picture is of an unknown version");
    }
    int[] pixels = new WebpLossless(in).picture(width, height);
    BufferedImage image = Rgb8.create(width, height);
    byte[] bgr = Rgb8.bgr(image);
    for (int i = 0, at = 0; i < pixels.length; i++, at += 3) {
      bgr[at] = (byte) pixels[i];
      bgr[at + 1] = (byte) (pixels[i] >> 8);
      bgr[at + 2] = (byte) (pixels[i] >> 16);
    }
    return image;
  }

  private int[] picture(int width, int height) throws IIOException {
    List<WebpTransform> transforms = new ArrayList<>();
    int across = width;
    while (in.readFlag()) {
      WebpTransform transform = transform(across, height);
      if (transforms.stream().anyMatch(other -> other.kind() == transform.kind())) {
        throw new IIOException("a transform comes twice");
      }
      transforms.add(transform);
      if (transform.kind() == WebpTransform.PALETTE) {
        across = blocks(across, transform.bits());
      }
    }
    int[] pixels = pixels(across, height, true);
    for (WebpTransform transform : transforms.reversed()) {
      pixels = transform.undo(pixels);
    }
    return pixels;
  }

  private WebpTransform transform(int width, int height) throws IIOException {
    int kind = in.read(2);
    return switch (kind) {
      case WebpTransform.GREEN -> new WebpTransform(kind, width, height, 0, null);
      case WebpTransform.PALETTE -> {
        int colors = 1 + in.read(8);
        int bits = colors > 16 ? 0 : colors > 4 ? 1 : colors > 2 ? 2 : 3;
        int[] palette = WebpTransform.palette(pixels(colors, 1, false));
        yield new WebpTransform(kind, width, height, bits, palette);
      }
      default -> {
        int bits = 2 + in.read(3);
        int[] blocks = pixels(blocks(width, bits), blocks(height, bits), false);
        yield new WebpTransform(kind, width, height, bits, blocks);
      }
    };
  }

  private static int blocks(int size, int bits) {
    return size + (1 << bits) - 1 >> bits;
  }

  /**
   * Pixels coded by prefix codes, copies and a cache of colours.
   *
   * @param grouped whether blocks of it may have codes of their own
   */
  private int[] pixels(int width, int height, boolean grouped) throws IIOException {
    int cacheBits = in.readFlag() ? in.read(4) : 0;
    if (cacheBits > LONGEST_CACHE) {
      throw new IIOException("the cache of colours is damaged");
    }
    int bits = 0;
    int[] groupOf = null;
    int count = 1;
    if (grouped && in.readFlag()) {
      bits = 2 + in.read(3);
      groupOf = pixels(blocks(width, bits), blocks(height, bits), false);
      for (int i = 0; i < groupOf.length; i++) {
        groupOf[i] = groupOf[i] >> 8 & 0xffff;
        count = Math.max(count, groupOf[i] + 1);
      }
    }
    List<Group> groups = groups(count, cacheBits == 0 ? 0 : 1 << cacheBits);
    return copy(width, height, cacheBits, groups, groupOf, bits);
  }

  private List<Group> groups(int count, int cache) throws IIOException {
    List<Group> groups = new ArrayList<>();
    long size = 0;
    for (int i = 0; i < count; i++) {
      Group group =
          new Group(
              WebpPrefixCode.read(in, 256 + LENGTHS + cache),
              WebpPrefixCode.read(in, 256),
              WebpPrefixCode.read(in, 256),
              WebpPrefixCode.read(in, 256),
              WebpPrefixCode.read(in, DISTANCES));
      groups.add(group);
      size += group.green.size() + group.red.size() + group.blue.size() + group.alpha.size();
      size += group.distance.size();
      if (size > ImageLimit.WEBP_CODES.value()) {
        throw new IIOException("its prefix codes take more bytes than " + ImageLimit.WEBP_CODES);
      }
    }
    return groups;
  }

  private int[] copy(
      int width, int height, int cacheBits, List<Group> groups, int[] groupOf, int bits)
      throws IIOException {
    int[] out = new int[width * height];
    int[] cache = new int[1 << cacheBits];
    int cached = 0;
    int across = blocks(width, bits);
    Group group = groups.getFirst();
    for (int at = 0; at < out.length; ) {
      if (groupOf != null) {
        group = groups.get(groupOf[(at / width >> bits) * across + (at % width >> bits)]);
      }
      int symbol = group.green.next(in);
      if (symbol < 256) {
        int red = group.red.next(in);
        int blue = group.blue.next(in);
        out[at++] = group.alpha.next(in) << 24 | red << 16 | symbol << 8 | blue;
      } else if (symbol < 256 + LENGTHS) {
        int length = number(symbol - 256);
        int distance = distance(number(group.distance.next(in)), width);
        if (distance > at || length > out.length - at) {
          throw new IIOException("a copy reaches beyond the picture");
        }
        for (int end = at + length; at < end; at++) {
          out[at] = out[at - distance];
        }
      } else {
        for (; cached < at; cached++) {
          cache[out[cached] * HASH >>> Integer.SIZE - cacheBits] = out[cached];
        }
        out[at++] = cache[symbol - 256 - LENGTHS];
      }
    }
    return out;
  }

  /** A length or a distance, of which a symbol says the first two bits and how many follow. */
  private int number(int symbol) throws IIOException {
    if (symbol < 4) {
      return symbol + 1;
    }
    int more = symbol - 2 >> 1;
    return (2 + (symbol & 1) << more) + in.read(more) + 1;
  }

  private static int distance(int code, int width) {
    if (code > NEAR.length) {
      return code - NEAR.length;
    }
    int[] near = NEAR[code - 1];
    return Math.max(1, near[1] * width + near[0]);
  }
}
