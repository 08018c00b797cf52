/**
 * Seeded batches in an order that does not depend on threads, checks of a whole data set, and
 * evaluation over a split.
 */
package org.spike2former.data.loader;
