/**
 * The terminal: standard output that may close, errors and warnings, progress, and signals that end
 * a run in order.
 */
package org.spike2former.cli.console;
