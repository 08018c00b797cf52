package org.spike2former.cli.cluster;

import org.spike2former.train.GradientSource;

/**
 * Machines that share the batches of a training's steps; a service that module cluster provides.
 */
public interface GradientCluster {
  /** Has a run's batches computed there; the cluster is connected to when the run starts. */
  GradientSource.Opener opener(ClusterConfig config);
}
