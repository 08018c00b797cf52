package org.spike2former.tensor.io;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.spike2former.tensor.Tensor;

/**
 * A checkpoint in several files, with an index {@code model.safetensors.index.json} or {@code
 * pytorch_model.bin.index.json} that says in its {@code weight_map} which of them holds which
 * tensor. The files lie next to the index.
 */
public final class ShardedArchive implements TensorArchive {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path index;
  private final Map<String, TensorArchive> shards = new LinkedHashMap<>();
  private final Map<String, TensorArchive> tensors = new LinkedHashMap<>();

  private ShardedArchive(Path index) {
    this.index = index;
  }

  /**
   * Opens the index and all files that it names.
   *
   * @throws FormatException if the index is damaged, a file is missing or damaged, or the tensors
   *     in the files are not those of the index, each in its file
   */
  public static ShardedArchive open(Path index) throws IOException {
    ShardedArchive archive = new ShardedArchive(index);
    boolean whole = false;
    try {
      archive.openShards(archive.weightMap());
      whole = true;
      return archive;
    } finally {
      if (!whole) {
        archive.close();
      }
    }
  }

  private Map<String, String> weightMap() throws IOException {
    byte[] head = TensorFiles.head(index);
    if (Files.size(index) > FileLimit.HEADER_BYTES.value()) {
      throw new FormatException(
          index,
          "has "
              + Files.size(index)
              + " bytes, too many for an index: more than "
              + FileLimit.HEADER_BYTES.of("bytes"));
    }
    Map<String, String> map = new LinkedHashMap<>();
    // A decoder of its own, because Jackson would guess UTF-16 and UTF-32 too.
    Reader text =
        new InputStreamReader(
            new ByteArrayInputStream(Files.readAllBytes(index)),
            StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          boolean weights = parser.currentName().equals("weight_map");
          parser.nextToken();
          if (weights) {
            readMap(parser, map);
          } else {
            parser.skipChildren();
          }
        }
      }
    } catch (JacksonException e) {
      String found = head[0] == '{' ? e.getOriginalMessage() : "found " + FileKind.of(head);
      throw new FormatException(index, "is not the index of a sharded checkpoint: " + found, e);
    } catch (CharacterCodingException e) {
      throw new FormatException(index, "is not the index of a sharded checkpoint: not UTF-8", e);
    }
    if (map.isEmpty()) {
      throw new FormatException(
          index, "has no tensors in its weight_map, expected the index of a sharded checkpoint");
    }
    return map;
  }

  private void readMap(JsonParser parser, Map<String, String> map) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new FormatException(index, "its weight_map is not an object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String tensor = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new FormatException(index, "names no file for tensor " + tensor);
      }
      String file = parser.getText();
      if (file.isEmpty() || file.matches("(?s).*[/\\\\\\x00].*|\\.\\.?")) {
        throw new FormatException(
            index,
            "names file '" + file + "' for tensor " + tensor + ", which is not in the same folder");
      }
      map.put(tensor, file);
      if (map.size() > FileLimit.TENSORS.value()) {
        throw new FormatException(index, "names more than " + FileLimit.TENSORS.of("tensors"));
      }
    }
  }

  private void openShards(Map<String, String> map) throws IOException {
    for (Map.Entry<String, String> entry : map.entrySet()) {
      String file = entry.getValue();
      if (!shards.containsKey(file)) {
        shards.put(file, openShard(file, map));
      }
    }
    Map<TensorArchive, Set<String>> names = new HashMap<>();
    shards.values().forEach(shard -> names.put(shard, Set.copyOf(shard.names())));
    for (Map.Entry<String, String> entry : map.entrySet()) {
      String name = entry.getKey();
      TensorArchive shard = shards.get(entry.getValue());
      if (!names.get(shard).contains(name)) {
        throw new FormatException(
            shard.path(), "has no tensor " + name + ", which its index " + file() + " says it has");
      }
      tensors.put(name, shard);
    }
  }

  private String file() {
    return index.getFileName().toString();
  }

  private TensorArchive openShard(String file, Map<String, String> map) throws IOException {
    Path path = index.resolveSibling(file);
    if (!Files.exists(path)) {
      throw new FormatException(
          path, "no such file, which " + file() + " names as a part of the checkpoint");
    }
    byte[] head = TensorFiles.head(path);
    TensorArchive shard = TensorFiles.openFile(path, head, null);
    for (String name : shard.names()) {
      String expected = map.get(name);
      if (!file.equals(expected)) {
        shard.close();
        throw new FormatException(
            path,
            "has tensor "
                + name
                + ", which its index "
                + file()
                + (expected == null ? " does not name" : " says is in " + expected));
      }
    }
    return shard;
  }

  private TensorArchive find(String name) {
    TensorArchive shard = tensors.get(name);
    if (shard == null) {
      throw new IllegalArgumentException(index + ": has no tensor " + name);
    }
    return shard;
  }

  /** The index. */
  @Override
  public Path path() {
    return index;
  }

  /** The files with the tensors. */
  public List<Path> parts() {
    return shards.values().stream().map(TensorArchive::path).toList();
  }

  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public ElementType type(String name) {
    return find(name).type(name);
  }

  @Override
  public int[] shape(String name) {
    return find(name).shape(name);
  }

  @Override
  public Tensor read(String name) throws IOException {
    return find(name).read(name);
  }

  @Override
  public Supplier<Tensor> reader(String name) throws IOException {
    return find(name).reader(name);
  }

  @Override
  public byte[] readBytes(String name) throws IOException {
    return find(name).readBytes(name);
  }

  @Override
  public void close() throws IOException {
    for (TensorArchive shard : shards.values()) {
      shard.close();
    }
  }
}
