/**
 * Parity folders: reading, writing and matching recordings, their layouts, and the comparison of
 * two folders.
 */
package org.spike2former.verify.folder;
