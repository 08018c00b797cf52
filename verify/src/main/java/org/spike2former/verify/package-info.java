/**
 * Parity: runs the network on a folder of recordings made with the authors' PyTorch code and
 * compares it with them, front to back. Folders are in {@code folder}, comparisons in {@code
 * compare}, training in {@code training}, segments and instances in {@code panoptic}, output in
 * {@code report}.
 */
package org.spike2former.verify;
