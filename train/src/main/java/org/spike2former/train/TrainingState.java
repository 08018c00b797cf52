package org.spike2former.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.spike2former.tensor.Tensor;
import org.spike2former.train.run.RunInputs;

/**
 * All that a run needs to go on as if it had never stopped. Batches and random draws depend on the
 * seed and the step alone, so the step is the state of the random numbers and the position in the
 * data too.
 *
 * @param step finished optimiser steps
 * @param config the run's configuration, to notice when another one goes on with it
 * @param inputs what it read, see {@link RunInputs}, for the same reason
 * @param bestQuality highest mIoU, or PQ, of the evaluations before the one after this step, 0…1;
 *     NaN where none had one
 * @param bestStep the step after which that was
 * @param weights parameters and buffers by name
 * @param optimiser the optimiser's moments by name
 * @param ema averaged parameters and buffers by name; empty without averaging
 */
public record TrainingState(
    long step,
    JsonNode config,
    JsonNode inputs,
    double bestQuality,
    long bestStep,
    Map<String, Tensor> weights,
    Map<String, Tensor> optimiser,
    Map<String, Tensor> ema) {}
