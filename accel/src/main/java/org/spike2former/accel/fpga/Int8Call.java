package org.spike2former.accel.fpga;

import org.spike2former.tensor.layer.Int8Layer;

/**
 * What a layer with 8-bit weights did in a run.
 *
 * @param layer its numbers
 * @param shape its kernel's
 * @param x the incoming spikes [n, h, w, cin]
 * @param residual [n, oh, ow, cout] that the result was added to; null for none
 * @param result byte[] of spikes or float[], [n, oh, ow, cout]
 */
record Int8Call(Int8Layer layer, KernelShape shape, byte[] x, float[] residual, Object result) {}
