/**
 * The loop of training ({@code model.md} section 9): steps, evaluations, interruption and
 * resumption. Its settings are in {@code config}, the criterion in {@code loss}, the optimiser and
 * schedules in {@code optimiser}, what a run leaves on disk in {@code run}, and what machines that
 * train together send each other in {@code wire}.
 */
package org.spike2former.train;
