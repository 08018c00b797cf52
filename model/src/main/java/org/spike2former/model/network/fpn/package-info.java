/**
 * The two parts of {@link org.spike2former.model.network.FpnNetwork} after its backbone, {@code
 * model.md} section 12: the feature pyramid and the head that adds up its levels. Nothing here
 * attends or has queries.
 */
package org.spike2former.model.network.fpn;
