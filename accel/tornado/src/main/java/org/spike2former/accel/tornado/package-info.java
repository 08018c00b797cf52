/** Offload with TornadoVM: devices, plans as task graphs, and under {@code kernels} the kernels. */
package org.spike2former.accel.tornado;
