/** Spiking neurons, firing statistics, energy, and spike-driven operations. */
open module org.spike2former.snn {
  requires jdk.incubator.vector;
  requires transitive org.spike2former.tensor;

  exports org.spike2former.snn;
  exports org.spike2former.snn.energy;
  exports org.spike2former.snn.firing;
  exports org.spike2former.snn.spikedriven;
}
