/** Benchmarks of the kernels and of the whole network, and the Java half of the comparison. */
package org.spike2former.bench;
