/**
 * Reports of comparisons: text for a terminal, JSON, a page to read and file, and XML for
 * continuous integration.
 */
package org.spike2former.verify.report;
