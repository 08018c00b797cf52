/** Data sets: layouts, classes, label rules and the data section of a configuration. */
package org.spike2former.data.dataset;
