/**
 * Inference in deployment form: norms, spike scales and chains of weight layers are merged into one
 * layer on spikes, which is applied either to integers ({@link
 * org.spike2former.snn.spikedriven.IntegerOps}) or to D binary maps by additions alone ({@link
 * org.spike2former.snn.spikedriven.SpikeDrivenOps}). In float64 both give the same bits.
 */
package org.spike2former.snn.spikedriven;
