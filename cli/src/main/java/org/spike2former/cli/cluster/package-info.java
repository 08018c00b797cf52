/**
 * What commands tell a cluster: which images, what to do to each, and how it is reached. How that
 * comes about is module cluster's business; Spark is not known here.
 */
package org.spike2former.cli.cluster;
