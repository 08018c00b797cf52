package org.spike2former.tests;

import static org.spike2former.tests.OperationCall.CONCAT;
import static org.spike2former.tests.OperationCall.HALVED;
import static org.spike2former.tests.OperationCall.PRODUCT;
import static org.spike2former.tests.OperationCall.TRANSPOSE;
import static org.spike2former.tests.OperationCall.labelMap;
import static org.spike2former.tests.OperationCall.labels;
import static org.spike2former.tests.OperationCall.logits;
import static org.spike2former.tests.OperationCall.mean;
import static org.spike2former.tests.OperationCall.of;
import static org.spike2former.tests.OperationCall.real;
import static org.spike2former.tests.OperationCall.repeat;
import static org.spike2former.tests.OperationCall.semantic;
import static org.spike2former.tests.OperationCall.slice;
import static org.spike2former.tests.OperationCall.spikes;

import java.util.List;

/** Calls that move elements or predict, and that no implementation may accept. */
final class RefusedMoves {
  private RefusedMoves() {}

  static List<OperationCall> moves() {
    return List.of(
        of("transpose", "transpose: expected 3 axes, found shape [2, 3]", TRANSPOSE, spikes(2, 3)),
        of("transpose", "found LABELS[2, 3, 4]", TRANSPOSE, labelMap(2, 3, 4)),
        of("concat", "found LABELS[2, 3]", CONCAT, labelMap(2, 3), labelMap(2, 3)),
        of("concat", "does not go with", CONCAT, spikes(2, 3), labelMap(2, 3)),
        of("slice", "found LABELS[4, 3]", slice(1, 2), labelMap(4, 3)),
        of("repeat", "found LABELS[4, 3]", repeat(2), labelMap(4, 3)),
        of("product", "found LABELS[2, 7, 3]", PRODUCT, real(2, 5, 3), labelMap(2, 7, 3)),
        of("concat", "does not go with", CONCAT, real(2, 3), spikes(2, 3)),
        of("concat", "does not go with", CONCAT, spikes(2, 3), spikes(2, 4)),
        of("concat", "does not go with", CONCAT, real(2, 3, 4), real(2, 12)),
        of(
            "concat",
            "of scale 0.5 does not go with SPIKES[2, 3] of scale 1.0",
            HALVED,
            spikes(2, 3)),
        of("slice", "slice: rows -1 to 2 are not in shape [4, 3]", slice(-1, 2), real(4, 3)),
        of("slice", "slice: rows 3 to 2 are not in shape [4, 3]", slice(3, 2), spikes(4, 3)),
        of("slice", "slice: rows 2 to 5 are not in shape [4, 3]", slice(2, 5), spikes(4, 3)),
        of("repeat", "repeat: expected 1 or more copies, found 0", repeat(0), real(4, 3)),
        of(
            "meanTime",
            "meanTime: [10, 3] does not divide into 3 groups of 2 time steps",
            mean(3, 2),
            real(10, 3)),
        of(
            "meanTime",
            "meanTime: [10, 3] does not divide into 3 groups of 1 time steps",
            mean(3, 1),
            real(10, 3)),
        of("meanTime", "meanTime: expected 1 or more time steps, found 0", mean(3, 0), real(12, 3)),
        of("meanTime", "meanTime: expected real numbers", mean(3, 2), spikes(12, 3)),
        of(
            "product",
            "product: [2, 5, 3] does not go with [2, 7, 4]",
            PRODUCT,
            real(2, 5, 3),
            real(2, 7, 4)),
        of(
            "product",
            "product: [2, 5, 3] does not go with [1, 7, 3]",
            PRODUCT,
            real(2, 5, 3),
            spikes(1, 7, 3)),
        of(
            "product",
            "product: expected 3 axes, found shape [7, 3]",
            PRODUCT,
            real(2, 5, 3),
            spikes(7, 3)),
        of("product", "product: expected real numbers", PRODUCT, spikes(2, 5, 3), spikes(2, 7, 3)));
  }

  static List<OperationCall> predictions() {
    return List.of(
        of(
            "semanticLogits",
            "semanticLogits: expected 3 axes, found shape [7, 5]",
            logits(6, 8),
            real(7, 5),
            real(1, 3, 4, 7)),
        of(
            "semanticLogits",
            "semanticLogits: expected 4 axes, found shape [3, 4, 7]",
            logits(6, 8),
            real(1, 7, 5),
            real(3, 4, 7)),
        of(
            "semanticLogits",
            "semanticLogits: classes [1, 7, 5] do not go with masks [1, 3, 4, 6]",
            logits(6, 8),
            real(1, 7, 5),
            real(1, 3, 4, 6)),
        of(
            "semanticLogits",
            "semanticLogits: classes [2, 7, 5] do not go with masks [1, 3, 4, 7]",
            logits(6, 8),
            real(2, 7, 5),
            real(1, 3, 4, 7)),
        of(
            "semanticLogits",
            "semanticLogits: expected a class and that of none, found shape [1, 7, 1]",
            logits(6, 8),
            real(1, 7, 1),
            real(1, 3, 4, 7)),
        of(
            "semanticLogits",
            "semanticLogits: expected a size of 1×1 or more, found 6×0",
            logits(6, 0),
            real(1, 7, 5),
            real(1, 3, 4, 7)),
        of(
            "semanticLabels",
            "semanticLabels: classes [1, 7, 5] do not go with masks [1, 3, 4, 6]",
            semantic(6, 8),
            real(1, 7, 5),
            real(1, 3, 4, 6)),
        of(
            "semanticLabels",
            "semanticLabels: expected 1 to 256 classes, found 257",
            semantic(6, 8),
            real(1, 7, 258),
            real(1, 3, 4, 7)),
        of(
            "labels",
            "labels: expected 1 to 256 classes, found 257",
            labels(6, 8),
            real(1, 3, 4, 257)),
        of("labels", "labels: expected 4 axes, found shape [3, 4, 5]", labels(6, 8), real(3, 4, 5)),
        of(
            "labels",
            "labels: expected a size of 1×1 or more, found -1×8",
            labels(-1, 8),
            real(1, 3, 4, 5)),
        of("labels", "labels: expected real numbers", labels(6, 8), spikes(1, 3, 4, 5)),
        of("labels", "labels: expected real numbers", labels(6, 8), labelMap(1, 3, 4, 5)));
  }
}
