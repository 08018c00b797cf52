/**
 * The model {@code camvid} as an artifact: the build puts the files of {@code models/camvid} beside
 * this package's class, which {@code Segmenter.bundled("camvid")} finds. Nothing else lives here.
 */
package org.spike2former.bundled.camvid;
