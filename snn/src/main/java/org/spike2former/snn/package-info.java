/** Spiking neurons: NI-LIF and I-LIF, which fire integers, and LIF and IF, which fire ones. */
package org.spike2former.snn;
