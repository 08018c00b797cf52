/**
 * What a device can be asked to do: records with named buffers and extents, in families, with the
 * exact meaning of each. How a network becomes a list of them is {@code accel}'s, how a device does
 * them that of the kernels.
 */
package org.spike2former.accel.operation;
