/** How often neurons fire. */
package org.spike2former.snn.firing;
