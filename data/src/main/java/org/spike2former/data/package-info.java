/** Images, preprocessing, label maps, palettes, overlays and metrics: all that is not network. */
package org.spike2former.data;
