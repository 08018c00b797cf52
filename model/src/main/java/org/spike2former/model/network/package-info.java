/**
 * The network ({@code model.md}) and its configuration, written once against {@code Ops}. Follow a
 * map through {@link org.spike2former.model.network.Spike2Former}, {@link
 * org.spike2former.model.network.Backbone}, {@link org.spike2former.model.network.PixelDecoder},
 * {@link org.spike2former.model.network.TransformerDecoder} and {@link
 * org.spike2former.model.network.MaskEmbedding}. No class here knows how an operation is computed.
 */
package org.spike2former.model.network;
