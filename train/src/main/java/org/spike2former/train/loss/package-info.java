/**
 * The criterion ({@code model.md} section 9): targets, Hungarian matching, the losses of classes
 * and masks with their gradients.
 */
package org.spike2former.train.loss;
