/**
 * Files of tensors: safetensors, NumPy, PyTorch, single, sharded or in a folder, and how to write
 * them whole or not at all. What a tensor means to the network is no matter of this package: names
 * of checkpoints are in the model's {@code weights}.
 */
package org.spike2former.tensor.io;
