/**
 * The networks ({@code model.md}) and their configuration, written once against {@code Ops}. Follow
 * a map through {@link org.spike2former.model.network.Spike2Former}, {@link
 * org.spike2former.model.network.Backbone}, {@link org.spike2former.model.network.PixelDecoder},
 * {@link org.spike2former.model.network.TransformerDecoder} and {@link
 * org.spike2former.model.network.MaskEmbedding}, or through {@link
 * org.spike2former.model.network.FpnNetwork}. No class here knows how an operation is computed.
 */
package org.spike2former.model.network;
