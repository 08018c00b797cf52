package org.spike2former.tests;

import static org.spike2former.tests.OperationCall.ADD;
import static org.spike2former.tests.OperationCall.CONCAT;
import static org.spike2former.tests.OperationCall.D;
import static org.spike2former.tests.OperationCall.FIRE;
import static org.spike2former.tests.OperationCall.MULTIPLY;
import static org.spike2former.tests.OperationCall.NORM;
import static org.spike2former.tests.OperationCall.PAD;
import static org.spike2former.tests.OperationCall.PRODUCT;
import static org.spike2former.tests.OperationCall.SCALED;
import static org.spike2former.tests.OperationCall.SIGMOID;
import static org.spike2former.tests.OperationCall.SOFTMAX;
import static org.spike2former.tests.OperationCall.SUBTRACT;
import static org.spike2former.tests.OperationCall.TABLE;
import static org.spike2former.tests.OperationCall.TRANSPOSE;
import static org.spike2former.tests.OperationCall.addLayer;
import static org.spike2former.tests.OperationCall.attention;
import static org.spike2former.tests.OperationCall.bilinear;
import static org.spike2former.tests.OperationCall.depthwise;
import static org.spike2former.tests.OperationCall.labels;
import static org.spike2former.tests.OperationCall.layer;
import static org.spike2former.tests.OperationCall.layerSpikes;
import static org.spike2former.tests.OperationCall.linear;
import static org.spike2former.tests.OperationCall.logits;
import static org.spike2former.tests.OperationCall.mean;
import static org.spike2former.tests.OperationCall.nearest;
import static org.spike2former.tests.OperationCall.neuron;
import static org.spike2former.tests.OperationCall.of;
import static org.spike2former.tests.OperationCall.real;
import static org.spike2former.tests.OperationCall.repeat;
import static org.spike2former.tests.OperationCall.sample;
import static org.spike2former.tests.OperationCall.semantic;
import static org.spike2former.tests.OperationCall.slice;
import static org.spike2former.tests.OperationCall.spikes;
import static org.spike2former.tests.OperationCall.window;

import java.util.List;

/** Calls of every operation that all implementations accept. */
final class AcceptedCalls {
  private AcceptedCalls() {}

  static List<OperationCall> all() {
    return List.of(
        of("spikes", "[2, 3]", neuron(D), real(2, 3)),
        of("fire", "[2, 3]", FIRE, real(2, 3)),
        of("layer", "[2, 4, 2, 5]", layer(window()), spikes(2, 6, 4, 3)),
        of("layer", "[2, 4, 2, 3]", layer(depthwise()), real(2, 6, 4, 3)),
        of("layer", "[2, 7, 5]", layer(linear()), real(2, 7, 3)),
        of("layerSpikes", "[2, 4, 2, 5]", layerSpikes(window(), D), spikes(2, 6, 4, 3)),
        of("addLayer", "[2, 8, 5]", addLayer(window()), real(2, 8, 5), spikes(2, 6, 4, 3)),
        of("batchNorm", "[2, 7, 3]", NORM, real(2, 7, 3)),
        of("add", "[2, 3]", ADD, real(2, 3), real(2, 3)),
        of("subtract", "[2, 3]", SUBTRACT, real(2, 3), real(2, 3)),
        of("multiply", "[2, 3]", MULTIPLY, spikes(2, 3)),
        of("addTable", "[2, 7, 3]", TABLE, real(2, 7, 3), real(7, 3)),
        of("addScaled", "[2, 3]", SCALED, real(2, 3), real(3), real(2, 3)),
        of("addScaled", "[2, 3]", SCALED, real(2, 3), real(1), real(2, 3)),
        of(
            "attention",
            "[2, 5, 6]",
            attention(2),
            spikes(2, 5, 4),
            spikes(2, 7, 4),
            spikes(2, 7, 6)),
        of(
            "deformSample",
            "[1, 2, 3, 4]",
            sample(2),
            real(1, 2, 3, 4),
            real(1, 2, 3, 36),
            spikes(1, 2, 3, 18)),
        of("resizeBilinear", "[2, 5, 6, 3]", bilinear(5, 6), real(2, 3, 4, 3)),
        of("resizeNearest", "[2, 5, 6, 3]", nearest(5, 6), real(2, 3, 4, 3)),
        of("padWithShift", "[2, 5, 6, 3]", PAD, real(2, 3, 4, 3)),
        of("transpose", "[2, 4, 3]", TRANSPOSE, spikes(2, 3, 4)),
        of("sigmoid", "[2, 3]", SIGMOID, real(2, 3)),
        of("softmax", "[2, 3]", SOFTMAX, real(2, 3)),
        of("concat", "[5, 3]", CONCAT, spikes(2, 3), spikes(3, 3)),
        of("slice", "[2, 3]", slice(1, 3), spikes(4, 3)),
        of("repeat", "[2, 4, 3]", repeat(2), spikes(4, 3)),
        of("meanTime", "[6, 3]", mean(3, 2), real(12, 3)),
        of("product", "[2, 5, 7]", PRODUCT, real(2, 5, 3), spikes(2, 7, 3)),
        of("semanticLogits", "[1, 6, 8, 4]", logits(6, 8), real(1, 7, 5), real(1, 3, 4, 7)),
        of("semanticLabels", "[1, 6, 8]", semantic(6, 8), real(1, 7, 5), real(1, 3, 4, 7)),
        of("labels", "[1, 6, 8]", labels(6, 8), real(1, 3, 4, 256)));
  }
}
