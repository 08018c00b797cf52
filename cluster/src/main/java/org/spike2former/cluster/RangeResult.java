package org.spike2former.cluster;

import java.io.Serializable;
import org.spike2former.data.Tally;

/**
 * What a task sends back.
 *
 * @param images how many are done
 * @param tally what came of them; null if there are none
 * @param failure why it ends there, in one line; null if it does not
 * @param refused whether that is for reasons of the executor, not of an image
 */
record RangeResult<R extends Tally<R>>(int images, R tally, String failure, boolean refused)
    implements Serializable {}
