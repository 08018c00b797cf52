package org.spike2former.train;

import java.util.List;
import java.util.Map;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.autograd.BatchStatistics;

/**
 * What one batch contributes to a step.
 *
 * @param gradients of the parameters that took part, in storage that is the receiver's
 * @param statistics what its BatchNorms took from it, in the order in which they did
 */
public record BatchGradients(Map<Parameter, Tensor> gradients, List<BatchStatistics> statistics) {}
