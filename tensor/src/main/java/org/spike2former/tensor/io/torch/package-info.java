/**
 * PyTorch's checkpoints: ZIP and older containers, and a pickle reader that builds tensors and
 * plain data and can't reach a class of this JVM by name. Internal: callers open any file with
 * {@link org.spike2former.tensor.io.TensorFiles}.
 */
package org.spike2former.tensor.io.torch;
