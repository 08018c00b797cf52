/** The {@code s2f} command. */
package org.spike2former.cli;
