/**
 * How often neurons fire: counts, rates, histograms and maps of spikes, gathered while the network
 * runs. Printing and plotting are left to the command.
 */
package org.spike2former.snn.firing;
