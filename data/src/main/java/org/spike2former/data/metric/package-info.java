/**
 * Metrics of semantic segmentation: the confusion matrix and what is derived from it (mIoU, mAcc,
 * mDice, mFscore).
 */
package org.spike2former.data.metric;
