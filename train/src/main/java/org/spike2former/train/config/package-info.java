/**
 * A training configuration as records, read strictly: an unknown key, a wrong type or an impossible
 * value is refused with its place. What a data set is, {@code data} says.
 */
package org.spike2former.train.config;
