/** Reports in files: a page to read and file, and XML for continuous integration. */
package org.spike2former.verify.report;
