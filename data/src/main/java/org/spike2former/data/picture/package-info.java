/**
 * Pictures out: overlays with legends, heat maps, contact sheets, and the letters on them. Nothing
 * is read here: that is {@code image}.
 */
package org.spike2former.data.picture;
