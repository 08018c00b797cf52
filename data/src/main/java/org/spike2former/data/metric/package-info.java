/**
 * Metrics over a split: of semantic segmentation the confusion matrix and what is derived from it
 * (mIoU, mAcc, mDice, mFscore), of panoptic segmentation PQ, SQ and RQ, of instances AP and AR.
 */
package org.spike2former.data.metric;
