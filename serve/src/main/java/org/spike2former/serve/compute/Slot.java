package org.spike2former.serve.compute;

import java.util.HashMap;
import java.util.Map;
import org.spike2former.tensor.Backend;

/** Room to compute one image at a time, by any model in any way; engines are made when needed. */
public final class Slot implements AutoCloseable {
  private record Key(String model, Variant variant) {}

  private final Map<Key, Engine> engines = new HashMap<>();
  private final Backend backend;
  private final int threads;

  Slot(Backend backend, int threads) {
    this.backend = backend;
    this.threads = threads;
  }

  /**
   * The engine of a model.
   *
   * @throws IllegalStateException if the backend cannot be had
   */
  public synchronized Engine engine(ServedModel model, Variant variant) {
    return engines.computeIfAbsent(
        new Key(model.name(), variant), _ -> new Engine(model, variant, backend, threads));
  }

  @Override
  public synchronized void close() {
    engines.values().forEach(Engine::close);
    engines.clear();
  }
}
