/**
 * Requests and answers: parameters, images in bodies, errors as problem JSON, metrics, the page's
 * files. Computing is left to {@code compute}.
 */
package org.spike2former.serve.http;
