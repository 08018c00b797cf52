/**
 * What a run reads and leaves on disk: its folder and lock, checkpoints, log, plots, exported
 * models, and the survey of labels before the first step.
 */
package org.spike2former.train.run;
