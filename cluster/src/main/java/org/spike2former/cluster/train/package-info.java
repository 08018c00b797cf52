/**
 * Synchronous data-parallel training on a Spark cluster: the batches of a step are computed by the
 * executors, and come back in the order in which one machine would compute them. The loop around
 * the step is that of module train.
 */
package org.spike2former.cluster.train;
