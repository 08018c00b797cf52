/** Images, labels, data sets and metrics. */
@SuppressWarnings("requires-automatic") // These libraries have no descriptors.
open module org.spike2former.data {
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires com.twelvemonkeys.imageio.jpeg;
  requires com.twelvemonkeys.imageio.metadata;
  requires com.twelvemonkeys.imageio.webp;
  requires transitive java.desktop;
  requires org.apache.commons.csv;
  requires org.slf4j;
  requires org.spike2former.tensor;
  requires org.yaml.snakeyaml;

  exports org.spike2former.data;
  exports org.spike2former.data.coco;
  exports org.spike2former.data.config;
  exports org.spike2former.data.dataset;
  exports org.spike2former.data.event;
  exports org.spike2former.data.image;
  exports org.spike2former.data.loader;
  exports org.spike2former.data.mask;
  exports org.spike2former.data.metric;
  exports org.spike2former.data.panoptic;
  exports org.spike2former.data.picture;
  exports org.spike2former.data.pixel;
  exports org.spike2former.data.table;
  exports org.spike2former.data.transform;
}
