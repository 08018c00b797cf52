/**
 * What networks are put together from: units of neuron, layer and BatchNorm, chains of them, and
 * the scopes that give them their names in a checkpoint. No network, and no part of one, lives
 * here.
 */
package org.spike2former.model.network.block;
