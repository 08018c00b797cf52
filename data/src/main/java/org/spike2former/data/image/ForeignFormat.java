package org.spike2former.data.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * An image format that is recognised but not read, because no decoder of it in pure Java is at
 * hand, or because its samples have no range of their own.
 *
 * @param name for messages
 * @param offset where the signature lies
 * @param signature its bytes, hexadecimal
 */
record ForeignFormat(String name, int offset, String signature) {
  private static final String BRAND = "66747970";

  private static final List<ForeignFormat> ALL =
      List.of(
          new ForeignFormat("AVIF", 4, BRAND + hex("avif")),
          new ForeignFormat("AVIF", 4, BRAND + hex("avis")),
          new ForeignFormat("HEIC", 4, BRAND + hex("hei")),
          new ForeignFormat("HEIC", 4, BRAND + hex("hev")),
          new ForeignFormat("HEIF or AVIF", 4, BRAND + hex("mif1")),
          new ForeignFormat("HEIF or AVIF", 4, BRAND + hex("msf1")),
          new ForeignFormat("JPEG 2000", 4, hex("jP  ")),
          new ForeignFormat("JPEG 2000", 0, "ff4fff51"),
          new ForeignFormat("JPEG XL", 4, hex("JXL ")),
          new ForeignFormat("JPEG XL", 0, "ff0a"),
          new ForeignFormat("PBM", 0, hex("P1")),
          new ForeignFormat("PGM", 0, hex("P2")),
          new ForeignFormat("PPM", 0, hex("P3")),
          new ForeignFormat("PBM", 0, hex("P4")),
          new ForeignFormat("PGM", 0, hex("P5")),
          new ForeignFormat("PPM", 0, hex("P6")),
          new ForeignFormat("PAM", 0, hex("P7")),
          new ForeignFormat("PFM", 0, hex("PF")),
          new ForeignFormat("PFM", 0, hex("Pf")),
          new ForeignFormat("OpenEXR", 0, "762f3101"),
          new ForeignFormat("Radiance HDR", 0, hex("#?RADIANCE")),
          new ForeignFormat("Photoshop", 0, hex("8BPS")),
          new ForeignFormat("an icon", 0, "00000100"),
          new ForeignFormat("PDF", 0, hex("%PDF")),
          new ForeignFormat("SVG", 0, hex("<svg")));

  private static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** The name of a file's format; null if it is none of these. */
  static String nameOf(byte[] file) {
    for (ForeignFormat format : ALL) {
      int end = format.offset + format.signature.length() / 2;
      if (file.length >= end
          && HexFormat.of().formatHex(file, format.offset, end).equals(format.signature)) {
        return format.name;
      }
    }
    return null;
  }
}
