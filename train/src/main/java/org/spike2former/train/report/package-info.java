/**
 * What a run tells of itself while it goes and afterwards: event files for TensorBoard, pictures
 * and values of each evaluation, how often it was resumed, and its record in short. Nothing here
 * changes what is computed; the log and the checkpoints that a run goes on from are in {@code run}.
 */
package org.spike2former.train.report;
