package org.spike2former.tests.faults;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Collection;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystem;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterInputStream2;
import org.apache.lucene.tests.mockfile.FilterOutputStream2;
import org.apache.lucene.tests.mockfile.FilterPath;

/**
 * The usual files, of which operations fail when {@link Fault} says so. A JVM takes it for its
 * files with {@code -Djava.nio.file.spi.DefaultFileSystemProvider}, and so do all commands in it.
 */
public final class FaultyFiles extends FilterFileSystemProvider {
  /** Called by the JVM. */
  public FaultyFiles(FileSystemProvider usual) {
    super("file", usual);
    fileSystem = new FilterFileSystem(this, usual.getFileSystem(URI.create("file:///")));
  }

  @Override
  public FilterPath wrapPath(Path path) {
    return new FilterPath(path, fileSystem) {
      @Override
      public File toFile() {
        return new File(toString());
      }
    };
  }

  private static boolean writes(Collection<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.WRITE)
        || options.contains(StandardOpenOption.APPEND);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Fault.before(path, writes(options));
    return new Channel(path, super.newFileChannel(path, options, attributes));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    Fault.before(path, false);
    return new FilterInputStream2(super.newInputStream(path, options)) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        Fault.before(path, false);
        return super.read(bytes, offset, length);
      }
    };
  }

  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    Fault.before(path, true);
    return new FilterOutputStream2(super.newOutputStream(path, options)) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          Fault.before(path, true);
        } catch (IOException e) {
          super.write(bytes, offset, length / 2);
          throw e;
        }
        super.write(bytes, offset, length);
      }
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    Fault.before(folder, true);
    super.createDirectory(folder, attributes);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Fault.before(target, true);
    super.move(source, target, options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    Fault.before(target, true);
    super.copy(source, target, options);
  }

  /** An open file; of a write that fails, half may have been written. */
  private static final class Channel extends FilterFileChannel {
    private final Path path;

    Channel(Path path, FileChannel usual) {
      super(usual);
      this.path = path;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      Fault.before(path, false);
      return super.read(to);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      Fault.before(path, false);
      return super.read(to, position);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      try {
        Fault.before(path, true);
      } catch (IOException e) {
        super.write(from.duplicate().limit(from.position() + from.remaining() / 2));
        throw e;
      }
      return super.write(from);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      Fault.before(path, true);
      return super.write(from, position);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      Fault.before(path, true);
      super.force(metadata);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      Fault.before(path, mode != MapMode.READ_ONLY);
      return super.map(mode, position, size);
    }

    @Override
    public MemorySegment map(MapMode mode, long position, long size, Arena arena)
        throws IOException {
      Fault.before(path, mode != MapMode.READ_ONLY);
      return delegate.map(mode, position, size, arena);
    }
  }
}
