/**
 * Data sets on disk: layouts, lists, classes, label rules and the data section of a configuration.
 * Files are found and paired here, not decoded.
 */
package org.spike2former.data.dataset;
