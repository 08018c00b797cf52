package org.spike2former.cluster.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;

/** What can be done to files of Hadoop's file systems: looking at them and reading them. */
final class HadoopProvider extends FileSystemProvider {
  private final String scheme;

  HadoopProvider(String scheme) {
    this.scheme = scheme;
  }

  private static org.apache.hadoop.fs.FileSystem system(Path path) throws IOException {
    return ((HadoopPath) path).getFileSystem().hadoop();
  }

  private static FileStatus status(Path path) throws IOException {
    try {
      return system(path).getFileStatus(((HadoopPath) path).hadoop());
    } catch (FileNotFoundException e) {
      throw missing(path, e);
    }
  }

  private static NoSuchFileException missing(Path path, FileNotFoundException e) {
    NoSuchFileException missing = new NoSuchFileException(path.toString());
    missing.initCause(e);
    return missing;
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    try {
      return system(path).open(((HadoopPath) path).hadoop());
    } catch (FileNotFoundException e) {
      throw missing(path, e);
    }
  }

  /**
   * A file's bytes, which are read at once: images and descriptions are no longer than an array.
   */
  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    try (InputStream in = newInputStream(path)) {
      return new BytesChannel(in.readAllBytes());
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> entries = new ArrayList<>();
    try {
      for (FileStatus each : system(folder).listStatus(((HadoopPath) folder).hadoop())) {
        Path entry = folder.resolve(each.getPath().getName());
        if (filter == null || filter.accept(entry)) {
          entries.add(entry);
        }
      }
    } catch (FileNotFoundException e) {
      throw missing(folder, e);
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return entries.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    status(path);
    if (Arrays.asList(modes).contains(AccessMode.WRITE)) {
      throw new ReadOnlyFileSystemException();
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return type.cast(new HadoopAttributes(status(path)));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path path, Path other) {
    return path.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  @Override
  public boolean isHidden(Path path) {
    return path.getFileName() != null && path.getFileName().toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void delete(Path path) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new ReadOnlyFileSystemException();
  }
}
