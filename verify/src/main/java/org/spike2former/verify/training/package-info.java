/** Parity of training: losses, metrics, gradients and whole optimiser steps against recordings. */
package org.spike2former.verify.training;
