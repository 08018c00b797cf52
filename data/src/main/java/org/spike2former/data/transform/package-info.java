/**
 * Augmentation of an image together with its labels, with the random numbers and the arithmetic of
 * the authors' pipeline. The order of transforms comes from a configuration's {@code data}.
 */
package org.spike2former.data.transform;
