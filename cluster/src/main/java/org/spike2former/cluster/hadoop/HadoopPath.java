package org.spike2former.cluster.hadoop;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * A file or folder of one of Hadoop's file systems. What its name comes to is worked out as on this
 * machine, whose separator is a slash.
 */
final class HadoopPath implements Path {
  private final HadoopFileSystem system;
  private final Path name;

  HadoopPath(HadoopFileSystem system, Path name) {
    this.system = system;
    this.name = name;
  }

  private HadoopPath with(Path other) {
    return other == null ? null : new HadoopPath(system, other);
  }

  private static Path nameOf(Path other) {
    return other instanceof HadoopPath hadoop ? hadoop.name : other;
  }

  /** As Hadoop knows it. */
  org.apache.hadoop.fs.Path hadoop() {
    return new org.apache.hadoop.fs.Path(toUri());
  }

  @Override
  public HadoopFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return name.isAbsolute();
  }

  @Override
  public HadoopPath getRoot() {
    return with(name.getRoot());
  }

  @Override
  public HadoopPath getFileName() {
    return with(name.getFileName());
  }

  @Override
  public HadoopPath getParent() {
    return with(name.getParent());
  }

  @Override
  public int getNameCount() {
    return name.getNameCount();
  }

  @Override
  public HadoopPath getName(int index) {
    return with(name.getName(index));
  }

  @Override
  public HadoopPath subpath(int begin, int end) {
    return with(name.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return isOfSameSystem(other) && name.startsWith(nameOf(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return isOfSameSystem(other) && name.endsWith(nameOf(other));
  }

  private boolean isOfSameSystem(Path other) {
    return other instanceof HadoopPath hadoop && hadoop.system == system;
  }

  @Override
  public HadoopPath normalize() {
    return with(name.normalize());
  }

  /** A plain relative path is taken as one of this file system. */
  @Override
  public Path resolve(Path other) {
    return other instanceof HadoopPath hadoop && hadoop.isAbsolute()
        ? other
        : with(name.resolve(nameOf(other)));
  }

  @Override
  public HadoopPath relativize(Path other) {
    return with(name.relativize(nameOf(other)));
  }

  @Override
  public URI toUri() {
    return system.uri(toAbsolutePath().name());
  }

  private String name() {
    return name.toString();
  }

  @Override
  public HadoopPath toAbsolutePath() {
    return with(Path.of("/").resolve(name));
  }

  @Override
  public HadoopPath toRealPath(LinkOption... options) {
    return toAbsolutePath().normalize();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HadoopPath hadoop
        && hadoop.system == system
        && hadoop.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Such as hdfs://HOST:9000/a/b; a relative one is its name alone. */
  @Override
  public String toString() {
    return isAbsolute() ? system + name.toString() : name.toString();
  }
}
