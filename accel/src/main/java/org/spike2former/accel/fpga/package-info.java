/**
 * Kernels for FPGAs: OpenCL of its own for each shape of layer with 8-bit weights, with a host
 * program, test vectors and estimates. Nothing here runs on a device or needs TornadoVM.
 */
package org.spike2former.accel.fpga;
