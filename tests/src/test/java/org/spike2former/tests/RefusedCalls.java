package org.spike2former.tests;

import static org.spike2former.tests.OperationCall.ADD;
import static org.spike2former.tests.OperationCall.D;
import static org.spike2former.tests.OperationCall.FIRE;
import static org.spike2former.tests.OperationCall.NORM;
import static org.spike2former.tests.OperationCall.PAD;
import static org.spike2former.tests.OperationCall.SCALED;
import static org.spike2former.tests.OperationCall.SIGMOID;
import static org.spike2former.tests.OperationCall.SOFTMAX;
import static org.spike2former.tests.OperationCall.SUBTRACT;
import static org.spike2former.tests.OperationCall.TABLE;
import static org.spike2former.tests.OperationCall.addLayer;
import static org.spike2former.tests.OperationCall.attention;
import static org.spike2former.tests.OperationCall.bilinear;
import static org.spike2former.tests.OperationCall.depthwise;
import static org.spike2former.tests.OperationCall.labelMap;
import static org.spike2former.tests.OperationCall.layer;
import static org.spike2former.tests.OperationCall.layerSpikes;
import static org.spike2former.tests.OperationCall.linear;
import static org.spike2former.tests.OperationCall.nearest;
import static org.spike2former.tests.OperationCall.neuron;
import static org.spike2former.tests.OperationCall.of;
import static org.spike2former.tests.OperationCall.real;
import static org.spike2former.tests.OperationCall.sample;
import static org.spike2former.tests.OperationCall.spikes;
import static org.spike2former.tests.OperationCall.window;

import java.util.List;
import java.util.stream.Stream;
import org.spike2former.tensor.layer.WeightLayer.Kind;

/** Calls of every operation that no implementation may accept, {@link RefusedMoves} among them. */
final class RefusedCalls {
  private RefusedCalls() {}

  static List<OperationCall> all() {
    return Stream.of(
            layers(),
            pointwiseOperations(),
            maps(),
            RefusedMoves.moves(),
            RefusedMoves.predictions())
        .flatMap(List::stream)
        .toList();
  }

  private static List<OperationCall> layers() {
    return List.of(
        of("layer", "layer: expected real numbers", layer(linear()), labelMap(2, 3)),
        of("layerSpikes", "layer: expected real numbers", layerSpikes(linear(), D), labelMap(2, 3)),
        of(
            "attention",
            "attention: expected spikes, found LABELS[2, 5, 4]",
            attention(2),
            spikes(2, 3, 4),
            labelMap(2, 5, 4),
            spikes(2, 5, 4)),
        of(
            "deformSample",
            "deformSample mask: expected spikes, found LABELS",
            sample(2),
            real(1, 2, 3, 4),
            real(1, 2, 3, 36),
            labelMap(1, 2, 3, 18)),
        of(
            "layer",
            "layer: expected 3 channels, found shape [2, 6, 4, 2]",
            layer(window()),
            spikes(2, 6, 4, 2)),
        of(
            "layer",
            "layer: expected 4 axes, found shape [2, 24, 3]",
            layer(window()),
            spikes(2, 24, 3)),
        of(
            "layer",
            "layer: expected 4 axes, found shape [2, 24, 3]",
            layer(depthwise()),
            real(2, 24, 3)),
        of("layer", "layer: expected 2 axes or more, found shape [3]", layer(linear()), real(3)),
        of(
            "layer",
            "layer: expected 3 channels, found shape [2, 4]",
            layer(linear()),
            spikes(2, 4)),
        of(
            "layer",
            "layer: input [2, 2, 4, 3] is smaller than its window",
            layer(window()),
            real(2, 2, 4, 3)),
        of(
            "layer",
            "layer: input [2, 4, 1, 3] is smaller than its window",
            layer(depthwise()),
            spikes(2, 4, 1, 3)),
        of(
            "layer",
            "layer: expected a bias of 5 channels, found shape [4]",
            layer(layer(Kind.DENSE, 4, 5, 5, 3)),
            real(2, 3)),
        of(
            "layer",
            "layer: expected BatchNorms of 5 channels, found 6 in bn",
            layer(layer(Kind.DENSE, 0, 6, 5, 3)),
            spikes(2, 3)),
        of(
            "layer",
            "layer: a weight of shape [5, 3, 3] makes no dense layer",
            layer(layer(Kind.DENSE, 0, 5, 5, 3, 3)),
            real(2, 3)),
        of(
            "layer",
            "layer: a weight of shape [3, 3, 3, 3] makes no depthwise layer",
            layer(layer(Kind.DEPTHWISE, 0, 3, 3, 3, 3, 3)),
            real(2, 4, 4, 3)),
        of(
            "layerSpikes",
            "layer: expected 3 channels, found shape [2, 6, 4, 2]",
            layerSpikes(window(), D),
            spikes(2, 6, 4, 2)),
        of(
            "layerSpikes",
            "layer: input [2, 6, 2, 3] is smaller than its window",
            layerSpikes(window(), D),
            real(2, 6, 2, 3)),
        of(
            "layerSpikes",
            "layer: expected a neuron of 1 to 127 spikes, found 128",
            layerSpikes(linear(), 128),
            spikes(2, 3)),
        of(
            "addLayer",
            "layer: [2, 4, 2, 5] does not add to [2, 6, 4, 5]",
            addLayer(window()),
            real(2, 6, 4, 5),
            spikes(2, 6, 4, 3)),
        of(
            "addLayer",
            "layer: expected 3 channels, found shape [2, 4]",
            addLayer(linear()),
            real(2, 5),
            real(2, 4)),
        of(
            "addLayer",
            "layer: expected real numbers",
            addLayer(linear()),
            spikes(2, 5),
            real(2, 3)),
        of("batchNorm", "bn: expected 3 channels, found shape [2, 4]", NORM, real(2, 4)),
        of("batchNorm", "bn: expected real numbers", NORM, spikes(2, 3)));
  }

  private static List<OperationCall> pointwiseOperations() {
    return List.of(
        of("spikes", "spikes: expected real numbers", neuron(D), spikes(2, 3)),
        of(
            "spikes",
            "spikes: expected a neuron of 1 to 127 spikes, found 128",
            neuron(128),
            real(2, 3)),
        of(
            "spikes",
            "spikes: expected a neuron of 1 to 127 spikes, found 0",
            neuron(0),
            real(2, 3)),
        of("fire", "fire: expected real numbers", FIRE, spikes(2, 3)),
        of("add", "add: expected shape [2, 3], found [3, 2]", ADD, real(2, 3), real(3, 2)),
        of("add", "add: expected real numbers", ADD, real(2, 3), spikes(2, 3)),
        of("subtract", "subtract: expected shape [2, 3], found [6]", SUBTRACT, real(2, 3), real(6)),
        of("subtract", "subtract: expected real numbers", SUBTRACT, spikes(2, 3), real(2, 3)),
        of("addTable", "addTable: [2] is not the end of [2, 3]", TABLE, real(2, 3), real(2)),
        of(
            "addTable",
            "addTable: [1, 2, 3] is not the end of [2, 3]",
            TABLE,
            real(2, 3),
            real(1, 2, 3)),
        of("addTable", "addTable: expected real numbers", TABLE, spikes(2, 3), real(3)),
        of(
            "addScaled",
            "addScaled: expected shape [2, 3], found [2, 4]",
            SCALED,
            real(2, 3),
            real(3),
            real(2, 4)),
        of(
            "addScaled",
            "addScaled: gamma [2] is not a channel's of [2, 3]",
            SCALED,
            real(2, 3),
            real(2),
            real(2, 3)),
        of(
            "addScaled",
            "addScaled: gamma [2, 3] is not a channel's of [2, 3]",
            SCALED,
            real(2, 3),
            real(2, 3),
            real(2, 3)),
        of(
            "addScaled",
            "addScaled: expected real numbers",
            SCALED,
            real(2, 3),
            spikes(3),
            real(2, 3)),
        of("sigmoid", "sigmoid: expected real numbers", SIGMOID, spikes(2, 3)),
        of("softmax", "softmax: expected real numbers", SOFTMAX, spikes(2, 3)),
        of(
            "softmax",
            "softmax: expected a last axis with elements, found shape [2, 0]",
            SOFTMAX,
            real(2, 0)));
  }

  private static List<OperationCall> maps() {
    return List.of(
        of(
            "attention",
            "attention: expected spikes",
            attention(2),
            spikes(2, 5, 4),
            real(2, 7, 4),
            spikes(2, 7, 6)),
        of(
            "attention",
            "attention: expected 3 axes, found shape [7, 6]",
            attention(2),
            spikes(2, 5, 4),
            spikes(2, 7, 4),
            spikes(7, 6)),
        of(
            "attention",
            "attention with 3 heads: q [2, 5, 4]",
            attention(3),
            spikes(2, 5, 4),
            spikes(2, 7, 4),
            spikes(2, 7, 6)),
        of(
            "attention",
            "attention: expected 1 or more heads, found 0",
            attention(0),
            spikes(2, 5, 4),
            spikes(2, 7, 4),
            spikes(2, 7, 6)),
        of(
            "attention",
            "k [2, 7, 6] and v [2, 7, 6] do not go together",
            attention(2),
            spikes(2, 5, 4),
            spikes(2, 7, 6),
            spikes(2, 7, 6)),
        of(
            "attention",
            "k [2, 7, 4] and v [2, 8, 6] do not go together",
            attention(2),
            spikes(2, 5, 4),
            spikes(2, 7, 4),
            spikes(2, 8, 6)),
        of(
            "attention",
            "k [1, 7, 4] and v [1, 7, 6] do not go together",
            attention(2),
            spikes(2, 5, 4),
            spikes(1, 7, 4),
            spikes(1, 7, 6)),
        of(
            "deformSample",
            "deformSample: 4 channels do not divide into 3 groups",
            sample(3),
            real(1, 2, 3, 4),
            real(1, 2, 3, 54),
            spikes(1, 2, 3, 27)),
        of(
            "deformSample",
            "deformSample: expected 1 or more groups, found -1",
            sample(-1),
            real(1, 2, 3, 4),
            real(1, 2, 3, 18),
            spikes(1, 2, 3, 9)),
        of(
            "deformSample",
            "deformSample offset: expected shape [1, 2, 3, 36], found [1, 2, 3, 18]",
            sample(2),
            real(1, 2, 3, 4),
            real(1, 2, 3, 18),
            spikes(1, 2, 3, 18)),
        of(
            "deformSample",
            "deformSample mask: expected shape [1, 2, 3, 18], found [1, 3, 2, 18]",
            sample(2),
            real(1, 2, 3, 4),
            real(1, 2, 3, 36),
            spikes(1, 3, 2, 18)),
        of(
            "deformSample",
            "deformSample mask: expected spikes",
            sample(2),
            real(1, 2, 3, 4),
            real(1, 2, 3, 36),
            real(1, 2, 3, 18)),
        of(
            "deformSample",
            "deformSample: expected 4 axes, found shape [6, 4]",
            sample(2),
            real(6, 4),
            real(6, 36),
            spikes(6, 18)),
        of(
            "resizeBilinear",
            "resizeBilinear: expected 4 axes, found shape [3, 4, 3]",
            bilinear(5, 6),
            real(3, 4, 3)),
        of(
            "resizeBilinear",
            "resizeBilinear: expected a size of 1×1 or more, found 0×6",
            bilinear(0, 6),
            real(1, 3, 4, 3)),
        of(
            "resizeBilinear",
            "resizeBilinear: expected a map with pixels, found shape [1, 3, 0, 3]",
            bilinear(5, 6),
            real(1, 3, 0, 3)),
        of(
            "resizeBilinear",
            "resizeBilinear: expected real numbers",
            bilinear(5, 6),
            spikes(1, 3, 4, 3)),
        of(
            "resizeNearest",
            "resizeNearest: expected a size of 1×1 or more, found 5×0",
            nearest(5, 0),
            real(1, 3, 4, 3)),
        of(
            "resizeNearest",
            "resizeNearest: expected real numbers",
            nearest(5, 6),
            spikes(1, 3, 4, 3)),
        of(
            "padWithShift",
            "bn: expected 3 channels, found shape [1, 3, 4, 2]",
            PAD,
            real(1, 3, 4, 2)),
        of("padWithShift", "padWithShift: expected 4 axes, found shape [12, 3]", PAD, real(12, 3)));
  }
}
