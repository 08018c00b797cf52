/**
 * What a device can be asked to do: records with named buffers and extents, in families, with the
 * exact meaning of each. How a network becomes a list of them is the business of {@code accel}, how
 * a device carries them out that of the kernels.
 */
package org.spike2former.accel.operation;
