/** Backpropagation: operations that record what they do, and gradients of parameters. */
package org.spike2former.tensor.autograd;
