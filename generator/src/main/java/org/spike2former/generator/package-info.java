/**
 * Derives classes from others that differ from them in types alone. The build starts {@link
 * Generate} from its source, before any module is compiled, so nothing here needs more than the
 * JDK. What the derived classes compute is their sources' business.
 */
package org.spike2former.generator;
