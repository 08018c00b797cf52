/**
 * What a model did, as JSON objects and tables, for the command and the service alike: results,
 * firing and cost by part. Printing, plots, pages and files are left to those.
 */
package org.spike2former.model.report;
