package org.spike2former.accel.operation;

import java.util.List;
import java.util.stream.Stream;

/**
 * An operation whose result goes through a finish instead of being stored: a dense {@link
 * Convolution} or {@link Int8Convolution} that gives potentials and adds no residual of its own, or
 * {@link Attention.QueryValue} or {@link DeformSample} with spikes alone.
 *
 * @param of computes; its output is no array
 * @param finish what becomes of it
 */
public record Finished(Operation of, Finish finish) implements Operation {
  /** Refuses other operations, and a finish of another length or of other channels. */
  public Finished {
    if (!takes(of, finish)) {
      throw new IllegalArgumentException("expected a finish for " + of + ", found " + finish);
    }
  }

  /** Whether there is such an operation. */
  public static boolean takes(Operation of, Finish finish) {
    return of.output().type() == Buffer.Type.FLOATS
        && of.output().length() == finish.length()
        && switch (of) {
          case Convolution layer ->
              !layer.depthwise() && layer.residual() == null && fits(finish, layer.window().cout());
          case Int8Convolution layer ->
              !layer.depthwise()
                  && layer.result() instanceof Int8Convolution.Potentials(_, _, Buffer residual)
                  && residual == null
                  && fits(finish, layer.window().cout());
          case Attention.QueryValue _, DeformSample _ ->
              finish.channels() == 0 && finish.residual() == null && finish.floats() == null;
          default -> false;
        };
  }

  private static boolean fits(Finish finish, int channels) {
    return finish.channels() == 0 || finish.channels() == channels;
  }

  @Override
  public Kind kind() {
    return of.kind();
  }

  @Override
  public List<Buffer> inputs() {
    List<Buffer> terms = of instanceof Convolution layer ? layer.terms() : of.inputs();
    return Stream.concat(terms.stream(), finish.inputs().stream()).toList();
  }

  @Override
  public Buffer output() {
    return finish.outputs().get(0);
  }

  @Override
  public List<Buffer> outputs() {
    return finish.outputs();
  }
}
