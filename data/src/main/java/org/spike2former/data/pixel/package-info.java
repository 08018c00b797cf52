/**
 * What a network is shown, pixel by pixel: colours of 8 bits, or event frames of real numbers.
 * Files of frames and pictures of them are here; those of photos are in {@code data.image}.
 */
package org.spike2former.data.pixel;
