/**
 * What a network costs: multiply-adds of every layer and their energy on spikes, without running
 * it.
 */
package org.spike2former.snn.energy;
