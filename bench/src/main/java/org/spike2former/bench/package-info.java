/**
 * Benchmarks of the kernels and of the whole network, and the Java half of the comparison with
 * PyTorch. No test lives here, and no timing lives in tests.
 */
package org.spike2former.bench;
