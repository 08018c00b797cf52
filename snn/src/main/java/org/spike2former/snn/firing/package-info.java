/**
 * How often neurons fire: counts, rates, histograms and maps of spikes, gathered while the network
 * runs. Printing and plotting are the command's.
 */
package org.spike2former.snn.firing;
