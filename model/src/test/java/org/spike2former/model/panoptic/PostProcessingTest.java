package org.spike2former.model.panoptic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.mask.Box;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.ShapeException;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;

/** Rules on masks of one row; whole cases are compared with recordings in {@code verify}. */
class PostProcessingTest {
  /** Classes 0 and 1 are things, 2 is stuff, 3 "no object". */
  private static final int THINGS = 2;

  private static final int NOTHING = 3;

  private final Workers workers = new Workers(2);

  @AfterEach
  void stop() {
    workers.close();
  }

  /** A query's class, how sure it is of it, and its mask logits. */
  private record Query(int k, double sure, double... mask) {}

  private static Tensor scores(Query... queries) {
    Tensor scores = Tensor.zeros(DType.F64, 1, queries.length, NOTHING + 1);
    for (int q = 0; q < queries.length; q++) {
      scores.doubles()[q * (NOTHING + 1) + queries[q].k()] = queries[q].sure();
    }
    return scores;
  }

  private static Tensor masks(Query... queries) {
    int width = queries[0].mask().length;
    Tensor masks = Tensor.zeros(DType.F64, 1, 1, width, queries.length);
    for (int i = 0; i < masks.size(); i++) {
      masks.doubles()[i] = queries[i % queries.length].mask()[i / queries.length];
    }
    return masks;
  }

  private static MaskFrame frame(int height, int width) {
    return new MaskFrame(height, width, height, width, height, width);
  }

  private PanopticMap panoptic(PanopticOptions options, Query... queries) {
    return new PostProcessing(THINGS, options, workers)
        .panoptic(scores(queries), masks(queries), frame(1, queries[0].mask().length));
  }

  private List<Instance> instances(int most, Query... queries) {
    return new PostProcessing(THINGS, new PanopticOptions(null, null, null, most), workers)
        .instances(scores(queries), masks(queries), frame(1, queries[0].mask().length));
  }

  @Test
  void thingsAreCountedAndStuffIsNot() {
    PanopticMap map =
        panoptic(
            PanopticOptions.DEFAULT,
            new Query(1, 9, 5, -5, -5, -5, -5),
            new Query(2, 8, -5, 5, -5, -5, -5),
            new Query(0, 9, -5, -5, 5, -5, -5),
            new Query(2, 9, -5, -5, -5, 5, -5),
            new Query(1, 9, -5, -5, -5, -5, 5));
    assertThat(map.ids()).containsExactly(1001, 2, 2000, 2, 3001);
    assertThat(map.voidId()).isEqualTo(NOTHING);
    assertThat(map.segments())
        .extracting(Segment::id, Segment::category, Segment::thing, Segment::area, Segment::box)
        .containsExactly(
            tuple(1001, 1, true, 1, new Box(0, 0, 1, 1)),
            tuple(2, 2, false, 2, new Box(1, 0, 4, 1)),
            tuple(2000, 0, true, 1, new Box(2, 0, 3, 1)),
            tuple(3001, 1, true, 1, new Box(4, 0, 5, 1)));
    // Of two queries of one stuff, the surer one's.
    double surer = Math.exp(9) / (Math.exp(9) + 3);
    assertThat(map.segments().get(1).score()).isCloseTo(surer, within(1e-12));
  }

  @Test
  void withoutAKeptQueryAllIsVoid() {
    PanopticMap map =
        panoptic(PanopticOptions.DEFAULT, new Query(0, 1, 5, 5), new Query(NOTHING, 9, 5, 5));
    assertThat(map.ids()).containsExactly(NOTHING, NOTHING);
    assertThat(map.segments()).isEmpty();
  }

  @Test
  void aScoreAtTheLimitIsNotKept() {
    // Four equal scores: a quarter each, and the first class.
    Query query = new Query(0, 0, 5);
    assertThat(panoptic(new PanopticOptions(0.25, null, null, null), query).ids())
        .containsExactly(NOTHING);
    assertThat(panoptic(new PanopticOptions(0.2499, null, null, null), query).ids())
        .containsExactly(1000);
  }

  @Test
  void aShareAtTheLimitIsEnough() {
    Query[] queries = {new Query(0, 9, 5, 5, 5, 5), new Query(1, 9.5, -5, -5, -5, 5)};
    assertThat(panoptic(new PanopticOptions(null, 0.75, null, null), queries).ids())
        .containsExactly(1000, 1000, 1000, 2001);
    assertThat(panoptic(new PanopticOptions(null, 0.76, null, null), queries).ids())
        .containsExactly(NOTHING, NOTHING, NOTHING, 1001);
  }

  @Test
  void ofEqualProductsTheFirstQueryWins() {
    assertThat(
            panoptic(PanopticOptions.DEFAULT, new Query(1, 9, 5, 5), new Query(0, 9, 5, 5)).ids())
        .containsExactly(1001, 1001);
  }

  /** Where masks are so far from a pixel that their probabilities are 0, products are equal. */
  @Test
  void farFromAllMasksTheFirstQueryWins() {
    Query[] queries = {new Query(1, 9, 5, -2000), new Query(0, 9.5, -9, -1000)};
    assertThat(panoptic(new PanopticOptions(null, 0.0, null, null), queries).ids())
        .containsExactly(1001, 1001);
  }

  /** However unlike the queries' class scores are, each pixel has the greatest product. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9})
  void productsDecideWhateverIsSkipped(double least) {
    SplittableRandom random = new SplittableRandom(5);
    Query[] queries = new Query[12];
    for (int q = 0; q < queries.length; q++) {
      double[] mask = new double[500];
      Arrays.setAll(mask, _ -> random.nextDouble() * 12 - (random.nextBoolean() ? 9 : 90));
      queries[q] = new Query(1, least == 0 ? random.nextDouble() : 4 + random.nextDouble(), mask);
    }
    int[] winners = new int[500];
    double[] shares = Arrays.stream(queries).mapToDouble(PostProcessingTest::share).toArray();
    for (int x = 0; x < winners.length; x++) {
      for (int q = 1; q < queries.length; q++) {
        double best = shares[winners[x]] / (1 + Math.exp(-queries[winners[x]].mask()[x]));
        if (shares[q] / (1 + Math.exp(-queries[q].mask()[x])) > best) {
          winners[x] = q;
        }
      }
    }
    int[] ids = panoptic(new PanopticOptions(least, 0.0, null, null), queries).ids();
    assertThat(Arrays.stream(winners).map(q -> 1001 + 1000 * q).toArray()).isEqualTo(ids);
  }

  /** Of the class of a query among four. */
  private static double share(Query query) {
    return Math.exp(query.sure()) / (Math.exp(query.sure()) + 3);
  }

  @Test
  void pixelsBelowHalfStayUnlessFiltered() {
    Query query = new Query(2, 9, 5, -1, 5);
    assertThat(panoptic(PanopticOptions.DEFAULT, query).ids()).containsExactly(2, 2, 2);
    assertThat(panoptic(new PanopticOptions(null, null, true, null), query).ids())
        .containsExactly(2, NOTHING, 2);
  }

  @Test
  void aMaskWithoutPixelsIsNoSegment() {
    assertThat(panoptic(PanopticOptions.DEFAULT, new Query(0, 9, -5, -1)).ids())
        .containsExactly(NOTHING, NOTHING);
  }

  @Test
  void instancesAreThingsByScore() {
    List<Instance> found =
        instances(
            4,
            new Query(0, 2, 1, -1),
            new Query(2, 9, 1, 1),
            new Query(1, 3, 2, 1),
            new Query(1, 3, -1, -1));
    assertThat(found).extracting(Instance::query).containsExactly(2, 3, 0);
    assertThat(found).extracting(Instance::category).containsExactly(1, 1, 0);
    Instance first = found.getFirst();
    assertThat(first.mask()).isEqualTo(new Rle(1, 2, 0, 2));
    assertThat(first.box()).isEqualTo(new Box(0, 0, 2, 1));
    double share = Math.exp(3) / (Math.exp(3) + 3);
    double mean = (1 / (1 + Math.exp(-2)) + 1 / (1 + Math.exp(-1))) / (2 + 1e-6);
    assertThat(first.score()).isCloseTo(share * mean, within(1e-12));
    assertThat(found.get(1).score()).isZero();
    assertThat(found.get(1).box()).isEqualTo(Box.EMPTY);
  }

  @Test
  void stuffTakesPlacesOfThings() {
    Query[] queries = {new Query(2, 9, 1), new Query(0, 3, 1)};
    assertThat(instances(1, queries)).isEmpty();
    assertThat(instances(2, queries)).extracting(Instance::query).containsExactly(1);
  }

  @Test
  void ofEqualScoresTheLowerIndexComesFirst() {
    assertThat(instances(3, new Query(0, 0, 1), new Query(0, 0, 1)))
        .extracting(Instance::query, Instance::category)
        .containsExactly(tuple(0, 0), tuple(0, 1));
  }

  private static Tensor random(long seed, DType type, int... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor x = Tensor.zeros(DType.F64, shape);
    Arrays.setAll(x.doubles(), _ -> 3 * random.nextGaussian());
    return x.to(type);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64"})
  void threadsDoNotChangeBits(DType type) {
    MaskFrame frame = new MaskFrame(40, 60, 37, 60, 131, 71);
    Tensor scores = random(1, type, 1, 30, 9);
    Tensor masks = random(2, type, 1, 20, 30, 30);
    PanopticOptions options = new PanopticOptions(0.3, 0.1, null, 60);
    try (Workers five = new Workers(5);
        Workers one = new Workers(1)) {
      PostProcessing a = new PostProcessing(6, options, five);
      PostProcessing b = new PostProcessing(6, options, one);
      PanopticMap map = a.panoptic(scores, masks, frame);
      assertThat(map.segments()).hasSizeGreaterThan(3);
      assertThat(map.ids()).isEqualTo(b.panoptic(scores, masks, frame).ids());
      assertThat(a.instances(scores, masks, frame))
          .hasSizeGreaterThan(10)
          .isEqualTo(b.instances(scores, masks, frame));
    }
  }

  /** Whatever is done row by row gives what whole planes would. */
  @ParameterizedTest
  @EnumSource(Sizes.class)
  void masksAreResizedCroppedAndResizedAgain(Sizes sizes) {
    MaskFrame frame = sizes.frame;
    Tensor masks = random(3, DType.F64, 1, 9, 13, 2);
    double[][] planes = new double[2][9 * 13];
    for (int i = 0; i < masks.size(); i++) {
      planes[i % 2][i / 2] = masks.doubles()[i];
    }
    MaskRowsF64 rows = new MaskRowsF64(masks, new int[] {1}, frame);
    MaskRowsF64.Reader reader = rows.new Reader();
    double[] input = resize(planes[1], 9, 13, frame.inputHeight(), frame.inputWidth());
    double[] content = new double[frame.contentHeight() * frame.contentWidth()];
    for (int i = 0; i < content.length; i++) {
      content[i] = input[i / frame.contentWidth() * frame.inputWidth() + i % frame.contentWidth()];
    }
    double[] result =
        resize(
            content,
            frame.contentHeight(),
            frame.contentWidth(),
            frame.originalHeight(),
            frame.originalWidth());
    for (int y = 0; y < frame.originalHeight(); y++) {
      double[] row = reader.row(y);
      for (int x = 0; x < row.length; x++) {
        assertThat(row[x]).isCloseTo(result[y * row.length + x], within(1e-12));
      }
    }
  }

  private enum Sizes {
    SAME(new MaskFrame(9, 13, 9, 13, 9, 13)),
    TWICE(new MaskFrame(18, 26, 18, 26, 18, 26)),
    PADDED(new MaskFrame(18, 26, 17, 21, 17, 21)),
    LARGER(new MaskFrame(18, 26, 17, 21, 50, 61)),
    SMALLER(new MaskFrame(18, 26, 17, 21, 5, 3)),
    TALLER(new MaskFrame(18, 26, 17, 21, 40, 21));

    private final MaskFrame frame;

    Sizes(MaskFrame frame) {
      this.frame = frame;
    }
  }

  private static double[] resize(double[] in, int h, int w, int height, int width) {
    double[] out = new double[height * width];
    for (int i = 0; i < out.length; i++) {
      double y = Math.max(0, (i / width + 0.5) * h / height - 0.5);
      double x = Math.max(0, (i % width + 0.5) * w / width - 0.5);
      int y0 = (int) y;
      int x0 = (int) x;
      int y1 = Math.min(y0 + 1, h - 1);
      int x1 = Math.min(x0 + 1, w - 1);
      double top = in[y0 * w + x0] * (1 - x + x0) + in[y0 * w + x1] * (x - x0);
      double bottom = in[y1 * w + x0] * (1 - x + x0) + in[y1 * w + x1] * (x - x0);
      out[i] = top * (1 - y + y0) + bottom * (y - y0);
    }
    return out;
  }

  @Test
  void numbersMustBeFinite() {
    Query good = new Query(0, 9, 5);
    Query bad = new Query(0, 9, Double.NaN);
    assertThatThrownBy(() -> panoptic(PanopticOptions.DEFAULT, good, bad))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("the mask of query 1 is not finite");
    Query worse = new Query(0, Double.POSITIVE_INFINITY, 1);
    assertThatThrownBy(() -> instances(9, worse))
        .hasMessage("class scores of query 0 are not finite");
  }

  @Test
  void saysWhatDoesNotFit() {
    PostProcessing processing = new PostProcessing(THINGS, PanopticOptions.DEFAULT, workers);
    Tensor scores = scores(new Query(0, 9, 5));
    Tensor masks = masks(new Query(0, 9, 5));
    MaskFrame frame = frame(1, 1);
    assertThatThrownBy(() -> processing.panoptic(masks, scores, frame))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("post-processing: expected class scores [1, Q, K+1]");
    assertThatThrownBy(() -> processing.panoptic(scores.to(DType.F32), masks, frame))
        .hasMessageStartingWith("post-processing: class scores and masks of one real type");
    assertThatThrownBy(
            () ->
                new PostProcessing(4, PanopticOptions.DEFAULT, workers)
                    .panoptic(scores, masks, frame))
        .hasMessage("post-processing: 4 classes of things in 3");
    assertThatThrownBy(() -> new PostProcessing(-1, PanopticOptions.DEFAULT, workers))
        .hasMessage("things: expected 0 or more classes, found -1");
    assertThatThrownBy(() -> new MaskFrame(4, 4, 5, 4, 4, 4))
        .hasMessage("masks for an input of 4x4 pixels with an image of 4x5, from 4x4");
    assertThatThrownBy(() -> new PanopticOptions(1.5, null, null, null))
        .hasMessageContaining("object_mask_thr");
    assertThatThrownBy(() -> new PanopticOptions(null, null, null, 0))
        .hasMessageContaining("max_per_image");
  }
}
