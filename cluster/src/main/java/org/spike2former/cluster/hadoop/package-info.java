/**
 * Files of Hadoop's file systems (HDFS, object stores by their connectors) as Java's paths, for
 * reading: just what readers of images and data sets call. Nothing is written there.
 */
package org.spike2former.cluster.hadoop;
