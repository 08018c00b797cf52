/**
 * Every reader of files, fed with what it may meet, and the bounds that hold whatever it is fed. A
 * new reader is a line in {@link org.spike2former.fuzz.Targets}. What looks for new paths through a
 * reader is in {@code guided}.
 */
package org.spike2former.fuzz;
