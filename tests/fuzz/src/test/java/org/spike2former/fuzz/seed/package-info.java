/**
 * Valid inputs from which others are made: files that the repository has anyway, and small ones
 * made here. Which reader gets which is not said here.
 */
package org.spike2former.fuzz.seed;
