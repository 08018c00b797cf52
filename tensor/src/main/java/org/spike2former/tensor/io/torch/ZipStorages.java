package org.spike2former.tensor.io.torch;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.spike2former.tensor.io.FileKind;
import org.spike2former.tensor.io.FileLimit;
import org.spike2former.tensor.io.FormatException;
import org.spike2former.tensor.io.torch.TorchGlobals.Storage;

/** The zip archive that PyTorch 1.6 and later write: a pickle and an entry for each storage. */
final class ZipStorages implements Storages {
  private static final String PICKLE = "data.pkl";

  /** What an archive may inflate to: torch.save does not compress at all. */
  private static final int MAX_RATIO = 100;

  private final Path path;
  private final ZipFile zip;
  private final String prefix;
  private final Object root;
  private final Set<String> verified = new HashSet<>();
  private long declared;
  private String inflatedName;
  private byte[] inflated;
  private long inflatedBytes;

  private ZipStorages(Path path, ZipFile zip) throws IOException {
    this.path = path;
    this.zip = zip;
    ZipEntry pickle = findPickle();
    this.prefix = pickle.getName().substring(0, pickle.getName().length() - PICKLE.length());
    checkByteOrder();
    CRC32 checksum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(pickle), checksum)) {
      PickleInput input = new PickleInput(path, in, pickle.getSize());
      root = new PickleReader(path, input, new TorchGlobals(path)).read();
      input.skipRest();
    }
    if (!checksumHolds(pickle, checksum)) {
      throw new FormatException(path, "its entry " + pickle.getName() + " is damaged");
    }
  }

  static ZipStorages open(Path file) throws IOException {
    ZipFile zip = null;
    try {
      zip = new ZipFile(file.toFile());
      ZipStorages storages = new ZipStorages(file, zip);
      zip = null;
      return storages;
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    } finally {
      if (zip != null) {
        zip.close();
      }
    }
  }

  private static FormatException damaged(Path file, IOException e) {
    String reason = e.getMessage() == null ? "an entry ends too early" : e.getMessage();
    return new FormatException(
        file,
        "is a damaged or truncated zip archive (" + reason + "); download or copy it again",
        e);
  }

  private ZipEntry findPickle() throws IOException {
    ZipEntry pickle = null;
    List<String> names = new ArrayList<>();
    long allowed = FileLimit.INFLATED_BYTES.value() + MAX_RATIO * Files.size(path);
    for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
      String name = entry.getName();
      if (entry.getSize() < 0 || entry.getSize() > allowed) {
        throw new FormatException(
            path,
            "is of "
                + Files.size(path)
                + " bytes and inflates too far, at entry "
                + name
                + ": more than "
                + MAX_RATIO
                + " times its size and "
                + FileLimit.INFLATED_BYTES.of("bytes"));
      }
      allowed -= entry.getSize();
      declared += entry.getSize();
      names.add(name);
      if (name.equals(PICKLE) || name.endsWith("/" + PICKLE)) {
        if (pickle != null) {
          throw new FormatException(path, "has two pickles: " + pickle.getName() + ", " + name);
        }
        pickle = entry;
      }
    }
    if (pickle == null || zip.getEntry(programOf(pickle)) != null) {
      throw new FormatException(path, "is " + FileKind.ofZip(names));
    }
    return pickle;
  }

  /** The entry that only a TorchScript program has. */
  private static String programOf(ZipEntry pickle) {
    String name = pickle.getName();
    return name.substring(0, name.length() - PICKLE.length()) + "constants.pkl";
  }

  private void checkByteOrder() throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "byteorder");
    if (entry != null) {
      try (InputStream in = zip.getInputStream(entry)) {
        String order = new String(in.readNBytes(16), StandardCharsets.US_ASCII).strip();
        if (!order.equals("little")) {
          throw new FormatException(path, "has byte order " + order + ", expected little");
        }
      }
    }
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public String place(Storage storage) {
    return prefix + "data/" + storage.key();
  }

  private ZipEntry entry(Storage storage) {
    return zip.getEntry(place(storage));
  }

  @Override
  public long size(Storage storage) {
    ZipEntry entry = entry(storage);
    return entry == null ? 0 : entry.getSize();
  }

  @Override
  public synchronized byte[] read(String tensor, Storage storage, long from, int length)
      throws IOException {
    ZipEntry entry = entry(storage);
    try {
      if (entry.getMethod() != ZipEntry.STORED) {
        return Arrays.copyOfRange(inflate(tensor, entry), (int) from, (int) from + length);
      }
      if (length == entry.getSize()) {
        byte[] whole = read(entry, 0, length);
        verify(tensor, entry, new ByteArrayInputStream(whole));
        return whole;
      }
      if (!verified.contains(entry.getName())) {
        try (InputStream in = zip.getInputStream(entry)) {
          verify(tensor, entry, in);
        }
      }
      return read(entry, from, length);
    } catch (EOFException | ZipException e) {
      throw damaged(path, e);
    }
  }

  private byte[] read(ZipEntry entry, long from, int length) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      in.skipNBytes(from);
      byte[] bytes = new byte[length];
      if (in.readNBytes(bytes, 0, length) != length) {
        throw new EOFException();
      }
      return bytes;
    }
  }

  /**
   * All of a compressed entry. The last one is kept, because whoever reads its tensors reads them
   * one after the other.
   */
  private byte[] inflate(String tensor, ZipEntry entry) throws IOException {
    if (entry.getName().equals(inflatedName)) {
      return inflated;
    }
    inflated = null;
    inflatedName = null;
    inflatedBytes += entry.getSize();
    if (inflatedBytes - 2 * declared > FileLimit.INFLATED_BYTES.value()) {
      throw new FormatException(
          path,
          "has tensors that take turns in compressed entries, which inflate again and again: twice"
              + " their size and more than "
              + FileLimit.INFLATED_BYTES.of("bytes")
              + "; save it without compression");
    }
    byte[] bytes = read(entry, 0, Math.toIntExact(entry.getSize()));
    verify(tensor, entry, new ByteArrayInputStream(bytes));
    inflated = bytes;
    inflatedName = entry.getName();
    return bytes;
  }

  /** Makes sure of an entry as a whole, once. */
  private void verify(String tensor, ZipEntry entry, InputStream content) throws IOException {
    if (verified.contains(entry.getName())) {
      return;
    }
    CRC32 checksum = new CRC32();
    new CheckedInputStream(content, checksum).transferTo(OutputStream.nullOutputStream());
    if (!checksumHolds(entry, checksum)) {
      throw new FormatException(
          path, "tensor " + tensor + " is damaged in entry " + entry.getName());
    }
    verified.add(entry.getName());
  }

  /** PyTorch writes 0 where it was told not to compute a checksum. */
  private static boolean checksumHolds(ZipEntry entry, CRC32 found) {
    return entry.getCrc() == 0 || entry.getCrc() == found.getValue();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
