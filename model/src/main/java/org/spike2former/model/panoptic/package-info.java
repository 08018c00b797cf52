/**
 * What a network's class scores and masks say of an image: segments ({@code panoptic.md} section 3
 * of the rules that mmdetection follows) or instances. It computes on the CPU, whatever the network
 * ran on; the network itself is in {@code model.network}.
 */
package org.spike2former.model.panoptic;
