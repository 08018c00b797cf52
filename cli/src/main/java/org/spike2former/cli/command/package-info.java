/**
 * One class for each command, with its options, its checks and the order of what it does.
 * Computation is in other modules, layout of the output in {@code report}.
 */
package org.spike2former.cli.command;
