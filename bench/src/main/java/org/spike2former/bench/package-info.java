/**
 * Benchmarks of the kernels and of the whole network, the Java half of the comparison with PyTorch,
 * and what a cluster's step is foretold to take. No test lives here, and no timing lives in tests.
 */
package org.spike2former.bench;
