/**
 * Models that are served and the bounded queue for computing with them: who comes when, what is
 * heard of the network's spikes and what they cost. Of HTTP nothing is known here.
 */
package org.spike2former.serve.compute;
