package org.spike2former.tensor;

/**
 * Passes every operation on to another implementation; the base of recorders and counters, which
 * override what they listen to. {@link Ops#layerSpikes}, {@link Ops#addLayer} and {@link
 * Ops#semanticLabels} come as the operations that they are made of.
 */
public abstract class ForwardingOps extends InterceptingOps {
  /** Passes operations on to {@code delegate}. */
  protected ForwardingOps(Ops delegate) {
    super(delegate, false);
  }

  @Override
  protected final Tensor intercept(OpCall call) {
    return call.on(delegate());
  }

  /** Without reuse: who listens may keep what it hears. */
  @Override
  public void beginRun(boolean reuse, Object kind) {
    super.beginRun(false, kind);
  }
}
