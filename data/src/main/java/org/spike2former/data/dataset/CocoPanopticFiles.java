package org.spike2former.data.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoPanoptic;
import org.spike2former.data.panoptic.PanopticMap;

/** Segments in COCO's panoptic format: a JSON file and a folder of PNG files. */
final class CocoPanopticFiles implements SegmentFiles {
  private final CocoPanoptic coco;
  private final List<CocoId> ids;
  private final int[] classOf;
  private final int things;
  private final Layout.Listing listing =
      new Layout.Listing(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  CocoPanopticFiles(Path json, Path folder, CocoImageFiles images, SegmentRule rule)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": no such folder of labels");
    }
    coco = CocoPanoptic.read(json, folder);
    classOf = rule.classesOf(coco.categories(), json);
    things = rule.classes().things();
    ids = coco.annotated();
    if (ids.isEmpty()) {
      throw new IOException(json + ": annotations: none");
    }
    requireSameIds(json);
    TreeSet<Path> orphans = new TreeSet<>();
    FileTree.of(folder, List.of())
        .named(".png")
        .values()
        .forEach(files -> files.forEach(file -> orphans.add(file.normalize())));
    for (CocoId id : ids) {
      Path png = coco.png(id).normalize();
      Path image = images.find(json, coco.images().get(id));
      listing.entries().add(new Layout.Entry(images.name(image), image, png));
      if (!Files.isRegularFile(image)) {
        listing.missing().add(image);
      } else if (!Files.isRegularFile(png)) {
        listing.missing().add(png);
      }
      orphans.remove(png);
    }
    if (!orphans.isEmpty()) {
      throw new IOException(
          orphans.first()
              + ": not listed in "
              + json
              + (orphans.size() == 1 ? "" : " (nor are " + (orphans.size() - 1) + " others)"));
    }
  }

  /** Images without annotations, and annotations without images, tell of two files mixed up. */
  private void requireSameIds(Path json) throws IOException {
    if (coco.images().isEmpty()) {
      throw new IOException(json + ": images: none");
    }
    for (CocoId id : ids) {
      if (!coco.images().containsKey(id)) {
        throw new IOException(json + ": annotations: image " + id + " is not listed");
      }
    }
    for (CocoId id : coco.images().keySet()) {
      if (!coco.isAnnotated(id)) {
        throw new IOException(json + ": images: " + id + " has no annotation");
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
  public PanopticMap read(int i) throws IOException {
    PanopticMap map = coco.map(ids.get(i));
    if (map.segments().isEmpty()) {
      throw new IOException(coco.file() + ": image " + ids.get(i) + ": no segment");
    }
    return map.withClasses(classOf, things);
  }
}
