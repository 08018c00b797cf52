/**
 * The network, its configuration and its checkpoints. Follow an image through {@link
 * org.spike2former.model.Segmenter}, {@link org.spike2former.model.Backbone}, {@link
 * org.spike2former.model.PixelDecoder}, {@link org.spike2former.model.TransformerDecoder} and
 * {@link org.spike2former.model.MaskEmbedding}.
 */
package org.spike2former.model;
