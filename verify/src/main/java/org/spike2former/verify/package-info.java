/**
 * Parity: runs the network on a folder of recordings made with the authors' PyTorch code and
 * compares every block's output and every neuron's spikes.
 */
package org.spike2former.verify;
