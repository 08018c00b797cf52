package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.spike2former.data.Sample;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoImage;
import org.spike2former.data.coco.CocoInstances;
import org.spike2former.data.mask.Rle;
import org.spike2former.data.metric.MaskPrecision;
import org.spike2former.data.panoptic.PanopticMap;
import org.spike2former.data.panoptic.Segment;

/**
 * Things in COCO's instance format: a JSON file with an outline of each. An image without things is
 * as good as any other, as what is no thing is not in the file.
 */
final class CocoInstanceFiles implements SegmentFiles {
  private static final int VOID = 0;

  private final Path json;
  private final CocoInstances coco;
  private final List<CocoId> ids;
  private final int[] classOf;
  private final Overlaps overlaps;
  private final Layout.Listing listing =
      new Layout.Listing(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  CocoInstanceFiles(Path json, CocoImageFiles images, SegmentRule rule) throws IOException {
    this.json = json;
    coco = CocoInstances.read(json);
    classOf = rule.classesOf(coco.categories(), json);
    overlaps = rule.overlaps();
    ids = new ArrayList<>(coco.images().keySet());
    if (ids.isEmpty()) {
      throw new IOException(json + ": images: none");
    }
    for (CocoId id : ids) {
      Path image = images.find(json, coco.images().get(id));
      listing.entries().add(new Layout.Entry(images.name(image), image, json));
      if (!Files.isRegularFile(image)) {
        listing.missing().add(image);
      }
    }
  }

  @Override
  public CocoId id(int i) {
    return ids.get(i);
  }

  @Override
  public Layout.Listing listing() {
    return listing;
  }

  @Override
  public List<MaskPrecision.Truth> truths(int i) throws IOException {
    return all(i).stream().filter(truth -> truth.category() != Sample.IGNORE).toList();
  }

  /** As many as the image has annotations; of those that are not used the category is IGNORE. */
  private List<MaskPrecision.Truth> all(int i) throws IOException {
    CocoId id = ids.get(i);
    int count = coco.annotationIds(id).size();
    if (count > PanopticMap.MOST_SEGMENTS) {
      throw problem(i, count + " annotations, expected at most " + PanopticMap.MOST_SEGMENTS);
    }
    return coco.truths(id).stream()
        .map(
            truth ->
                new MaskPrecision.Truth(
                    classOf[truth.category()], truth.mask(), truth.area(), truth.crowd()))
        .toList();
  }

  @Override
  public PanopticMap read(int i) throws IOException {
    CocoImage image = coco.images().get(ids.get(i));
    List<MaskPrecision.Truth> truths = all(i);
    int[] order =
        IntStream.range(0, truths.size())
            .filter(k -> truths.get(k).category() != Sample.IGNORE)
            .boxed()
            .sorted(
                Comparator.comparing((Integer k) -> !truths.get(k).crowd())
                    .thenComparing(k -> -truths.get(k).mask().area()))
            .mapToInt(k -> k)
            .toArray();
    int[] map = new int[image.height() * image.width()];
    for (int k : order) {
      paint(i, truths.get(k).mask(), k + 1, map);
    }
    List<Segment> segments = new ArrayList<>();
    PanopticMap.extents(map, image.width())
        .forEach(
            (id, extent) -> {
              if (id != VOID) {
                MaskPrecision.Truth truth = truths.get(id - 1);
                segments.add(
                    new Segment(
                        id, truth.category(), true, truth.crowd(), 1, extent.area(), extent.box()));
              }
            });
    segments.sort(Comparator.comparing(Segment::id));
    return new PanopticMap(image.height(), image.width(), map, VOID, segments);
  }

  private void paint(int i, Rle mask, int id, int[] map) throws IOException {
    int height = mask.height();
    int width = mask.width();
    int[] counts = mask.counts();
    int at = 0;
    for (int run = 0; run < counts.length; run++) {
      int end = at + counts[run];
      for (; run % 2 == 1 && at < end; at++) {
        int pixel = at % height * width + at / height;
        if (map[pixel] != VOID && overlaps == Overlaps.FAIL) {
          List<Long> names = coco.annotationIds(ids.get(i));
          throw problem(
              i,
              "annotations "
                  + names.get(map[pixel] - 1)
                  + " and "
                  + names.get(id - 1)
                  + " overlap at x="
                  + pixel % width
                  + ", y="
                  + pixel / width
                  + "; overlaps: smallest gives such pixels to the smaller");
        }
        map[pixel] = id;
      }
      at = end;
    }
  }

  private IOException problem(int i, String problem) {
    return new IOException(json + ": image " + ids.get(i) + ": " + problem);
  }
}
