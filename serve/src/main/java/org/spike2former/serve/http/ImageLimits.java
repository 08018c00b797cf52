package org.spike2former.serve.http;

import java.time.Duration;

/**
 * What a request with an image may cost, beside the pixels that {@code -Ds2f.max-pixels} allows.
 *
 * @param maxBody bytes
 * @param time of sending it, and again of waiting and computing
 */
public record ImageLimits(int maxBody, Duration time) {}
