/**
 * Offload: a network as a plan of operations, and what a device needs to run it. This module knows
 * no device; TornadoVM's are in a module of their own.
 */
package org.spike2former.accel;
