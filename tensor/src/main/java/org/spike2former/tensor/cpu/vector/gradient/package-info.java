/**
 * The inner loops of backpropagation and of losses with the Vector API, bit for bit those of the
 * scalar reference. Internal to the engine.
 */
package org.spike2former.tensor.cpu.vector.gradient;
