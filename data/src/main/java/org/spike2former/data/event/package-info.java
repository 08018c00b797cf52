/**
 * Lists of events, as event cameras write them, and the frames that are made of them. What a
 * network and people see of frames is in {@code data.pixel}.
 */
package org.spike2former.data.event;
