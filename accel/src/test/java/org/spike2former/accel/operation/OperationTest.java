package org.spike2former.accel.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.spike2former.tensor.layer.Window;

/** A kernel would read past a buffer that is too short, and nobody would be told. */
class OperationTest {
  private static final Window WINDOW = new Window(2, 7, 5, 3, 6, 3, 3, 2, 1, 4, 3);
  private static final Buffer X = bytes(2 * 7 * 5 * 3);
  private static final Buffer OUT = floats(2 * 4 * 3 * 6);
  private static final Buffer SIX = floats(6);
  private static final Buffer POWERS = floats(Elementwise.POWERS);

  private static Buffer floats(int length) {
    return Buffer.of(Buffer.Type.FLOATS, length);
  }

  private static Buffer bytes(int length) {
    return Buffer.of(Buffer.Type.BYTES, length);
  }

  private static Buffer ints(int length) {
    return Buffer.of(Buffer.Type.INTS, length);
  }

  private static void refuses(String message, ThrowingCallable operation) {
    assertThatThrownBy(operation)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void layersReadTheirPartsInOrder() {
    Buffer weights = floats(9 * 3 * 6);
    Convolution plain = new Convolution(false, X, weights, SIX, null, 0, WINDOW, OUT);
    assertThat(plain.inputs()).startsWith(X, weights, SIX).hasSize(4);
    assertThat(plain.inputs()).filteredOn(plain.finish()::isPlaceholder).hasSize(1);
    Buffer residual = floats(OUT.length());
    Convolution sum = new Convolution(false, X, weights, SIX, residual, 0, WINDOW, OUT);
    assertThat(sum.inputs()).startsWith(X, weights, SIX, residual).hasSize(5);
    Window window = new Window(1, 4, 3, 6, 6, 3, 3, 1, 1, 4, 3);
    Buffer map = floats(72);
    Convolution alone = new Convolution(true, map, floats(54), SIX, null, 0, window, map);
    assertThat(alone.inputs()).containsExactly(map, alone.weights(), SIX);
    Buffer small = bytes(9 * 3 * 6);
    Buffer scale = floats(6);
    Int8Convolution.Result result = new Int8Convolution.Potentials(scale, SIX, residual);
    assertThat(new Int8Convolution(false, X, small, result, WINDOW, OUT).inputs())
        .containsExactly(X, small, scale, SIX, residual);
  }

  @Test
  void layersRefuseWhatDoesNotFit() {
    Buffer weights = floats(9 * 3 * 6);
    refuses(
        "x: expected BYTES[210], found BYTES[209]",
        () -> new Convolution(false, bytes(209), weights, SIX, null, 0, WINDOW, OUT));
    refuses(
        "weights: expected FLOATS[54], found FLOATS[162]",
        () -> new Convolution(true, X, weights, SIX, null, 0, WINDOW, OUT));
    refuses(
        "bias: expected FLOATS[6], found INTS[6]",
        () -> new Convolution(false, X, weights, ints(6), null, 0, WINDOW, OUT));
    refuses(
        "output: expected BYTES[144], found FLOATS[144]",
        () -> new Convolution(false, X, weights, SIX, null, 4, WINDOW, OUT));
    refuses(
        "output with a residual: expected FLOATS[144], found BYTES[144]",
        () -> new Convolution(false, X, weights, SIX, OUT, 4, WINDOW, bytes(144)));
    refuses(
        "thresholds: expected INTS[24], found INTS[6]",
        () ->
            new Int8Convolution(
                false, X, bytes(162), new Int8Convolution.Spikes(ints(6), 4), WINDOW, bytes(144)));
    refuses(
        "residual: expected FLOATS[144], found FLOATS[6]",
        () ->
            new Int8Convolution(
                false, X, bytes(162), new Int8Convolution.Potentials(SIX, SIX, SIX), WINDOW, OUT));
  }

  @Test
  void attentionRefusesWhatDoesNotFit() {
    Attention.Extents extents = new Attention.Extents(2, 3, 5, 8, 4, 2);
    Buffer q = bytes(2 * 3 * 8);
    Buffer k = bytes(2 * 5 * 8);
    Buffer v = bytes(2 * 5 * 4);
    Buffer sums = ints(2 * 8 * 2);
    Buffer scores = ints(2 * 2 * 3 * 5);
    Buffer out = floats(2 * 3 * 4);
    assertThat(
            Stream.of(
                new Attention.KeyValue(extents, k, v, sums),
                new Attention.QueryValue(extents, q, sums, 1, out),
                new Attention.QueryKey(extents, q, k, scores),
                new Attention.ScoreValue(extents, scores, v, 1, out)))
        .extracting(Operation::inputs)
        .containsExactly(List.of(k, v), List.of(q, sums), List.of(q, k), List.of(scores, v));
    refuses("v: expected BYTES[40]", () -> new Attention.KeyValue(extents, k, k, sums));
    refuses("keyValues", () -> new Attention.QueryValue(extents, q, scores, 1, out));
    refuses("output: expected INTS[60]", () -> new Attention.QueryKey(extents, q, k, sums));
    refuses(
        "output: expected FLOATS[24]", () -> new Attention.ScoreValue(extents, scores, v, 1, SIX));
  }

  @Test
  void elementsAndRowsRefuseWhatDoesNotFit() {
    refuses("b", () -> new Elementwise.Sum(Operation.Kind.ADD, SIX, OUT, SIX));
    refuses("found MULTIPLY", () -> new Elementwise.Sum(Operation.Kind.MULTIPLY, SIX, SIX, SIX));
    refuses("x: expected BYTES[6]", () -> new Elementwise.Multiply(SIX, POWERS, 1, SIX));
    refuses("values", () -> new Elementwise.Multiply(bytes(6), POWERS, 1, SIX));
    refuses("x", () -> new Elementwise.Affine(floats(7), SIX, SIX, floats(7)));
    refuses("shift", () -> new Elementwise.Affine(floats(12), SIX, OUT, floats(12)));
    refuses("y", () -> new Elementwise.AddScaled(SIX, SIX, OUT, SIX));
    refuses("x", () -> new Elementwise.MeanTime(SIX, 2, 4, SIX));
    refuses("powers", () -> new Elementwise.Softmax(SIX, SIX, 3, SIX));
    refuses("x", () -> new Elementwise.Softmax(SIX, POWERS, 4, SIX));
    refuses("output: expected BYTES[6]", () -> new Neuron.Spikes(SIX, 4, SIX));
  }

  @Test
  void mapsAndPredictionsRefuseWhatDoesNotFit() {
    Resize.Axis axis = new Resize.Axis(3, ints(5), ints(5), floats(5));
    refuses("weight", () -> new Resize.Axis(3, ints(5), ints(5), floats(4)));
    Buffer x = floats(9);
    Buffer out = floats(25);
    Operation.Kind bilinear = Operation.Kind.RESIZE_BILINEAR;
    assertThat(new Resize(bilinear, x, 1, axis, axis, 1, null, out).pixels()).isEqualTo(25);
    refuses("x", () -> new Resize(bilinear, out, 1, axis, axis, 1, null, out));
    refuses("found PAD", () -> new Resize(Operation.Kind.PAD, x, 1, axis, axis, 1, null, out));
    refuses("powers", () -> new Resize(Operation.Kind.RESIZE_SIGMOID, x, 1, axis, axis, 1, x, out));
    refuses("elements from 4 of", () -> new Move.Copy(SIX, 4, 3, 0, OUT));
    refuses("elements from 0 of", () -> new Move.Copy(OUT, 0, 6, 1, SIX));
    refuses("to move", () -> new Move.Transpose(ints(6), 1, 2, 3, ints(6)));
    refuses("output", () -> new Move.Pad(floats(24), SIX, 1, 2, 2, floats(24)));
    refuses(
        "mask",
        () -> new DeformSample(floats(24), floats(72), bytes(4), 1, 2, 2, 1, 1, floats(24)));
    Operation.Kind product = Operation.Kind.PRODUCT;
    Buffer b = floats(4 * 3);
    assertThat(new Prediction.Product(product, SIX, b, null, 1, 2, 3, 3, SIX).bRows()).isEqualTo(4);
    refuses("b", () -> new Prediction.Product(product, SIX, b, null, 1, 2, 5, 3, floats(10)));
    refuses("logits", () -> new Prediction.Argmax(SIX, 4, bytes(2)));
  }

  @Test
  void finishesRefuseWhatDoesNotFit() {
    refuses(
        "shift: expected FLOATS[6], found FLOATS[3]",
        () -> new Finish(SIX, floats(3), null, OUT, null, 0));
    refuses("with a factor", () -> new Finish(SIX, null, null, OUT, null, 0));
    refuses(
        "residual: expected FLOATS[144], found FLOATS[6]",
        () -> new Finish(null, null, SIX, OUT, null, 0));
    refuses(
        "spikes: expected BYTES[144], found BYTES[143]",
        () -> new Finish(null, null, null, OUT, bytes(143), 4));
    Convolution layer = new Convolution(false, X, floats(162), SIX, null, 0, WINDOW, OUT);
    Finish twelve = new Finish(null, floats(12), null, OUT, null, 0);
    refuses("expected a finish for", () -> new Finished(layer, twelve));
    refuses("expected a finish for", () -> new Finished(layer, Finish.store(floats(7))));
    Finish both = new Finish(null, SIX, null, OUT, bytes(144), 4);
    assertThat(new Finished(layer, both).outputs()).containsExactly(both.floats(), both.spikes());
    assertThat(new Finished(layer, both).inputs()).containsExactly(X, layer.weights(), SIX, SIX);
  }

  @Test
  void onlyLayersReadPartsOfBuffers() {
    Buffer whole = bytes(500);
    Buffer part = whole.part(100, 210);
    Convolution layer = new Convolution(false, part, floats(162), SIX, null, 0, WINDOW, OUT);
    assertThat(layer.inputs()).contains(whole).doesNotContain(part);
    assertThat(part.part(10, 20).from()).isEqualTo(110);
    refuses("x: expected a whole buffer", () -> new Move.Transpose(part, 1, 21, 10, bytes(210)));
    refuses("elements from 400", () -> whole.part(400, 101));
  }

  @Test
  void ringsSurroundPlainDepthwiseLayers() {
    Window window = new Window(1, 4, 3, 6, 6, 3, 3, 1, 1, 4, 3);
    Buffer map = floats(72);
    Convolution plain = new Convolution(true, map, floats(54), SIX, null, 0, window, floats(72));
    assertThat(new Padded(plain, SIX, 3).inputs()).contains(map, SIX);
    refuses("4 planes", () -> new Padded(plain, SIX, 4));
    refuses("ring: expected FLOATS[6]", () -> new Padded(plain, floats(3), 1));
    Convolution sum = new Convolution(true, map, floats(54), SIX, map, 0, window, floats(72));
    refuses("plain depthwise", () -> new Padded(sum, SIX, 1));
  }
}
