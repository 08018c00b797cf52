/** Options that several commands share, and what they choose. No command is named here. */
package org.spike2former.cli.option;
