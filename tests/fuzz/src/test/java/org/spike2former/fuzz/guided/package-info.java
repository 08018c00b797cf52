/**
 * Runs Jazzer, which changes inputs and keeps those that take new paths through a reader; only with
 * the Maven profile {@code fuzz}. What is fed and what has to hold is not said here.
 */
package org.spike2former.fuzz.guided;
