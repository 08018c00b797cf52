package org.spike2former.cli.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.spike2former.cli.Main;
import org.spike2former.cli.option.Home;
import org.spike2former.data.Folders;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.model.weights.ModelFolder;
import picocli.CommandLine;

/**
 * All that a machine needs to do its share of a command's images; the images themselves it reads.
 */
public final class WorkOrder implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1;

  private final String id = UUID.randomUUID().toString();
  private final String[] words;
  private final String command;
  private final String home;
  private final String folder;
  private final LinkedHashMap<String, byte[]> model = new LinkedHashMap<>();
  private final transient Path modelFolder;
  private final transient Path firstImage;
  private final String images;
  private final String token;

  /**
   * Reads the model's files, and leaves a mark in the folder for the results.
   *
   * @param words the command line
   * @throws IOException naming the file that cannot be read or written
   */
  public WorkOrder(List<String> words, ImageCommand command, ImagePass<?, ?> pass)
      throws IOException {
    this.words = words.toArray(String[]::new);
    this.command = command.getClass().getAnnotation(CommandLine.Command.class).name();
    home = Home.path().toAbsolutePath().toString();
    folder = Home.named("").toAbsolutePath().toString();
    modelFolder = command.model();
    firstImage = pass.file(0);
    for (Path file : ModelFolder.files(modelFolder)) {
      model.put(file.getFileName().toString(), Files.readAllBytes(file));
    }
    images = digest(pass);
    token = command.output() == null ? null : mark(command.output());
  }

  /**
   * Makes the work on the machine that is to do a share of it. Other runs of commands in this JVM
   * take names of files as the one that gave the order.
   *
   * @param processors as {@link ImageCommand#pass}
   * @throws IOException if it cannot be done here: files are missing or wrong, or not those that
   *     the order is about
   */
  public ImagePass<?, ?> open(int processors) throws IOException {
    Home.set(home, folder);
    if (token != null && !Files.exists(Home.named(token))) {
      throw new IOException(
          Home.named(token).getParent() + ": not the folder for results that the driver sees");
    }
    Path copy = Files.createTempDirectory("s2f-model");
    try {
      for (Map.Entry<String, byte[]> file : model.entrySet()) {
        Files.write(copy.resolve(file.getKey()), file.getValue());
      }
      ImagePass<?, ?> pass = Main.imageCommand(words).pass(copy, processors);
      try {
        if (!digest(pass).equals(images)) {
          throw new IOException(
              pass.size() + " images, not those that the driver sees; the first: " + pass.file(0));
        }
        pass.begin();
        return pass;
      } catch (IOException | RuntimeException | Error e) {
        pass.close();
        throw e;
      }
    } finally {
      Folders.delete(copy);
    }
  }

  /** A name that no other order has. */
  public String id() {
    return id;
  }

  /** The command's name. */
  public String command() {
    return command;
  }

  /**
   * The memory in bytes that an executor needs for images of the first one's size, about; where the
   * order was made.
   *
   * @throws IOException if that image cannot be read
   * @throws IllegalArgumentException if it is too small or too narrow
   */
  public long executorBytes() throws IOException {
    long modelBytes = model.values().stream().mapToLong(bytes -> bytes.length).sum();
    return MemoryEstimate.bytes(modelFolder, modelBytes, firstImage);
  }

  /** A file that is there as long as the order is, with a name that is nowhere else. */
  private static String mark(Path output) throws IOException {
    Path mark =
        Files.createDirectories(output.toAbsolutePath()).resolve(".s2f-" + UUID.randomUUID());
    return Files.createFile(mark).toString();
  }

  /** Of the names of all images and of the sizes of a few. */
  private static String digest(ImagePass<?, ?> pass) throws IOException {
    MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    int last = pass.size() - 1;
    for (int i = 0; i <= last; i++) {
      Path file = pass.file(i).toAbsolutePath().normalize();
      sha.update(file.toString().getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      if ((i == 0 || i == last / 2 || i == last) && Files.exists(file)) {
        sha.update(Long.toString(Files.size(file)).getBytes(StandardCharsets.UTF_8));
      }
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Takes the mark away. */
  @Override
  public void close() throws IOException {
    if (token != null) {
      Files.deleteIfExists(Home.named(token));
    }
  }
}
