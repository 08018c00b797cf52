/** Augmentation of an image together with its labels. */
package org.spike2former.data.transform;
