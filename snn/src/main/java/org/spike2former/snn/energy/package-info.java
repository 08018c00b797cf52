/** What a network costs: multiply-adds of every layer, and their energy on spikes. */
package org.spike2former.snn.energy;
