/** The network, its weights, and the Segmenter. */
open module org.spike2former.model {
  requires transitive org.spike2former.data;
  requires transitive org.spike2former.snn;
  requires org.slf4j;

  exports org.spike2former.model;
  exports org.spike2former.model.network;
  exports org.spike2former.model.panoptic;
  exports org.spike2former.model.report;
  exports org.spike2former.model.weights;

  uses org.spike2former.model.weights.BundledModel;
}
