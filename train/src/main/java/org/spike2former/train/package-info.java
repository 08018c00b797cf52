/**
 * Training ({@code model.md} section 9): the criterion with its matching, the optimiser, schedules
 * and the loop around them.
 */
package org.spike2former.train;
