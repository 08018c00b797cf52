package org.spike2former.cluster.hadoop;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * One of Hadoop's file systems, with the settings that Spark has for it ({@code spark.hadoop.*}).
 */
final class HadoopFileSystem extends FileSystem {
  private final String authority;
  private final HadoopProvider provider;

  HadoopFileSystem(String scheme, String authority) {
    this.authority = authority;
    this.provider = new HadoopProvider(scheme);
  }

  /** Connects when a file is first wanted, since settings come later than names. */
  org.apache.hadoop.fs.FileSystem hadoop() throws IOException {
    SparkHadoopUtil spark = SparkHadoopUtil.get();
    SparkEnv env = SparkEnv.get();
    Configuration settings = env == null ? spark.conf() : spark.newConfiguration(env.conf());
    return org.apache.hadoop.fs.FileSystem.get(uri("/"), settings);
  }

  /** Names a file, by an absolute path. */
  URI uri(String file) {
    try {
      return new URI(provider.getScheme(), authority, file, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(this + file + ": not a name of a file", e);
    }
  }

  /** Such as hdfs://HOST:9000. */
  @Override
  public String toString() {
    return provider.getScheme() + "://" + authority;
  }

  @Override
  public HadoopProvider provider() {
    return provider;
  }

  @Override
  public HadoopPath getPath(String first, String... more) {
    return new HadoopPath(this, Path.of(first, more));
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
