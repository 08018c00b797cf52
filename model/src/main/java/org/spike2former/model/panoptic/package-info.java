/**
 * What a network's class scores and masks say of an image: segments or instances ({@code model.md}
 * section 7), or the masks of its queries one by one; and label maps of many classes. It computes
 * on the CPU, whatever the network ran on; the network itself is in {@code model.network}.
 */
package org.spike2former.model.panoptic;
