/** Offload: a network as a plan of operations, and what a device needs to run it. */
package org.spike2former.accel;
