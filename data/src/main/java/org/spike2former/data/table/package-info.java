/**
 * Tables of results: columns with headers over rows of any type, printed as aligned text, CSV, JSON
 * or Markdown. They are here because this is the one module that the command, the reports of parity
 * and the benchmarks all stand on. What a table shows is said where its rows are.
 */
package org.spike2former.data.table;
