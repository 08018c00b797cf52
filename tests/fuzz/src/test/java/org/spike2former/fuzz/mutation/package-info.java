/**
 * Changes to files, a class for each idea, decided by a generator of random numbers and so
 * repeatable. What is fed to which reader is not said here.
 */
package org.spike2former.fuzz.mutation;
