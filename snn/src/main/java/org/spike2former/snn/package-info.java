/**
 * Spiking neurons: NI-LIF and I-LIF, which fire integers, and LIF and IF, which fire ones. Counting
 * their spikes is in {@code firing}, their cost in {@code energy}, deployment by additions in
 * {@code spikedriven}.
 */
package org.spike2former.snn;
