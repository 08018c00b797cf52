/** The model camvid as an artifact. */
module org.spike2former.bundled.camvid {
  requires org.spike2former.model;

  provides org.spike2former.model.weights.BundledModel with
      org.spike2former.bundled.camvid.CamvidModel;
}
