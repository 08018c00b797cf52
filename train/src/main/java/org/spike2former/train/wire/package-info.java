/**
 * What machines that train together send each other, as blocks of raw numbers: a network's values
 * one way, what a batch gave the other way. Who carries the blocks is not said here.
 */
package org.spike2former.train.wire;
