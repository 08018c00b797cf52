/**
 * Comparisons of tensors and spikes: differences, flips, tolerances, rows and sections of a report.
 * Nothing is printed here: that is {@code report}.
 */
package org.spike2former.verify.compare;
