/**
 * The main class of {@code s2f.jar}, which runs the command with a Java that knows the Vector API,
 * and puts the models that the jar brings where the command reads them. Nothing that the command
 * does itself lives here.
 */
package org.spike2former.dist;
