/**
 * Segmentation over HTTP: the service as a whole, its settings and its end. Requests and answers
 * are in {@code http}, models and turns at computing in {@code compute}, the page in the resources.
 */
package org.spike2former.serve;
