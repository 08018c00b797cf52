/**
 * Metrics of semantic segmentation: the confusion matrix and what is worked out from it (mIoU,
 * mAcc, mDice, mFscore).
 */
package org.spike2former.data.metric;
