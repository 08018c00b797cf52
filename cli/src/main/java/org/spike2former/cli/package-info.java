/**
 * The {@code s2f} command: its front door and its exit codes. Each command is a class in {@code
 * command}; options that several share are in {@code option}.
 */
package org.spike2former.cli;
