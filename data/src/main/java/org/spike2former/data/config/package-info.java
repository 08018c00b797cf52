/**
 * Configuration files, YAML and JSON, read strictly into records: one mapper, and one kind of error
 * that names the file, the line, the key, what was expected and what was found. What the keys mean
 * is said by the records, which live where they are used.
 */
package org.spike2former.data.config;
