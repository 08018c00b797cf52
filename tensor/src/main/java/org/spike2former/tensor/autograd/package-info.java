/**
 * Backpropagation: {@code Ops} that record what they do on a tape, and the gradients of parameters.
 * The loops of the derivatives are in {@code cpu}.
 */
package org.spike2former.tensor.autograd;
