/** What commands print and write: tables, charts, files, and the measurements behind them. */
package org.spike2former.cli.report;
