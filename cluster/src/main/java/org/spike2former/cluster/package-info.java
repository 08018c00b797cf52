/**
 * Work on many machines with Apache Spark: the session, what executors do and how their results
 * come together. What is computed is the business of the modules that compute it on one machine.
 */
package org.spike2former.cluster;
