package org.spike2former.fuzz;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.spike2former.fuzz.mutation.Mutation;

/**
 * A reader, and what it is fed.
 *
 * @param name for messages, and of the folder with its regression inputs
 * @param fileName of what the reader gets; some go by its end
 * @param seeds valid inputs, from which others are made; the reader accepts one at least
 * @param mutations that know the format
 * @param asFile makes a file of an input: checksums are made anew, or a container is put around, so
 *     that what is inside gets to the reader
 * @param beside files that lie next to it
 * @param reader that reads it
 */
public record Target(
    String name,
    String fileName,
    List<byte[]> seeds,
    List<Mutation> mutations,
    UnaryOperator<byte[]> asFile,
    List<Path> beside,
    Reader reader) {
  /** A target whose inputs are whole files, with none beside them. */
  static Target of(
      String name, String fileName, List<byte[]> seeds, List<Mutation> mutations, Reader reader) {
    return new Target(
        name, fileName, seeds, mutations, UnaryOperator.identity(), List.of(), reader);
  }

  Target wrappedBy(UnaryOperator<byte[]> wrap) {
    return new Target(name, fileName, seeds, mutations, wrap, beside, reader);
  }

  Target with(List<Path> files) {
    return new Target(name, fileName, seeds, mutations, asFile, files, reader);
  }

  @Override
  public String toString() {
    return name;
  }
}
