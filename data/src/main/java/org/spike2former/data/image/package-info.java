/**
 * Photos in: decoding with the authors' colours and Exif orientation, refusals of damaged files,
 * resampling as OpenCV does it, preprocessing for the network. Nothing is drawn here: that is
 * {@code picture}.
 */
package org.spike2former.data.image;
