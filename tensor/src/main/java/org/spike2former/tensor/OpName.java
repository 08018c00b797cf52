package org.spike2former.tensor;

/** The operations of {@link Ops}: its methods that return a tensor, but for those that listen. */
public enum OpName {
  /** {@link Ops#value}. */
  VALUE("value"),
  /** {@link Ops#spikes}. */
  SPIKES("spikes"),
  /** {@link Ops#fire}. */
  FIRE("fire"),
  /** {@link Ops#layer}. */
  LAYER("layer"),
  /** {@link Ops#layerSpikes}. */
  LAYER_SPIKES("layerSpikes"),
  /** {@link Ops#addLayer}. */
  ADD_LAYER("addLayer"),
  /** {@link Ops#batchNorm}. */
  BATCH_NORM("batchNorm"),
  /** {@link Ops#add}. */
  ADD("add"),
  /** {@link Ops#subtract}. */
  SUBTRACT("subtract"),
  /** {@link Ops#multiply}. */
  MULTIPLY("multiply"),
  /** {@link Ops#addTable}. */
  ADD_TABLE("addTable"),
  /** {@link Ops#addScaled}. */
  ADD_SCALED("addScaled"),
  /** {@link Ops#attention}. */
  ATTENTION("attention"),
  /** {@link Ops#deformSample}. */
  DEFORM_SAMPLE("deformSample"),
  /** {@link Ops#resizeBilinear}. */
  RESIZE_BILINEAR("resizeBilinear"),
  /** {@link Ops#resizeNearest}. */
  RESIZE_NEAREST("resizeNearest"),
  /** {@link Ops#padWithShift}. */
  PAD_WITH_SHIFT("padWithShift"),
  /** {@link Ops#transpose}. */
  TRANSPOSE("transpose"),
  /** {@link Ops#sigmoid}. */
  SIGMOID("sigmoid"),
  /** {@link Ops#softmax}. */
  SOFTMAX("softmax"),
  /** {@link Ops#concat}. */
  CONCAT("concat"),
  /** {@link Ops#slice}. */
  SLICE("slice"),
  /** {@link Ops#repeat}. */
  REPEAT("repeat"),
  /** {@link Ops#meanTime}. */
  MEAN_TIME("meanTime"),
  /** {@link Ops#product}. */
  PRODUCT("product"),
  /** {@link Ops#semanticLogits}. */
  SEMANTIC_LOGITS("semanticLogits"),
  /** {@link Ops#labels}. */
  LABELS("labels"),
  /** {@link Ops#semanticLabels}. */
  SEMANTIC_LABELS("semanticLabels");

  private final String method;

  OpName(String method) {
    this.method = method;
  }

  /** The name of the method, for reports. */
  public String method() {
    return method;
  }
}
