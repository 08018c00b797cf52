/**
 * Offload: a network as a plan of operations, and what a device needs to run it. No device is known
 * here; TornadoVM's is in a module of its own.
 */
package org.spike2former.accel;
