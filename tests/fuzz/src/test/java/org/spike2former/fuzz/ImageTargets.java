package org.spike2former.fuzz;

import static org.spike2former.fuzz.seed.Repository.files;

import java.util.ArrayList;
import java.util.List;
import org.spike2former.data.LabelMap;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.data.panoptic.InstancePng;
import org.spike2former.data.panoptic.PanopticPng;
import org.spike2former.fuzz.mutation.Bytes;
import org.spike2former.fuzz.mutation.Integers;
import org.spike2former.fuzz.mutation.JpegSegments;
import org.spike2former.fuzz.mutation.Mutation;
import org.spike2former.fuzz.mutation.PngChunks;
import org.spike2former.fuzz.mutation.RiffChunks;
import org.spike2former.fuzz.mutation.TiffEntries;
import org.spike2former.fuzz.seed.Containers;

/** Images, labels and Exif. */
final class ImageTargets {
  private static final String PICTURES = "tests/fuzz/src/test/resources/pictures";
  private static final String IMAGES = "data/src/test/resources/org/spike2former/data/images";

  /** Bytes of the largest picture that is allowed; which one a damaged header claims is unknown. */
  private static final long CONTENT = 3 * Long.getLong("s2f.max-pixels", ImageFiles.MAX_PIXELS);

  private ImageTargets() {}

  static List<Target> all() {
    return List.of(
        images("png", "png", new PngChunks()),
        images("png-checksums", "png", new PngChunks()).wrappedBy(PngChunks::withChecksums),
        images("jpeg", "jpg", new JpegSegments()),
        images("bmp", "bmp", new Integers()),
        images("gif", "gif", new Integers()),
        images("tiff", "tif", new TiffEntries()),
        images("webp", "webp", new RiffChunks()),
        labels("labels", (file, content) -> LabelMap.read(file)),
        labels("panoptic-png", (file, content) -> PanopticPng.read(file)),
        labels("instance-png", (file, content) -> InstancePng.read(file)),
        exif());
  }

  private static Target images(String name, String end, Mutation mutation) {
    return Target.of(
        name,
        "image." + end,
        pictures("*." + end),
        List.of(mutation, new Bytes(), new Integers()),
        (file, content) -> {
          content.add(CONTENT);
          ImageFiles.read(file);
        });
  }

  private static Target labels(String name, Reader reader) {
    return Target.of(
            name,
            "labels.png",
            pictures("*.png"),
            List.of(new PngChunks(), new Bytes()),
            (file, content) -> {
              content.add(CONTENT);
              reader.read(file, content);
            })
        .wrappedBy(PngChunks::withChecksums);
  }

  /** The block in a JPEG; its damage says nothing about the picture. */
  private static Target exif() {
    byte[] jpeg = files(PICTURES, "*-l-444-30.jpg").getFirst();
    return Target.of(
            "exif",
            "exif.jpg",
            Containers.exifBlocks(),
            List.of(new TiffEntries(), new Bytes(), new Integers()),
            (file, content) -> ImageFiles.readStored(file).upright())
        .wrappedBy(block -> Containers.jpegWithExif(jpeg, block));
  }

  private static List<byte[]> pictures(String glob) {
    List<byte[]> all = new ArrayList<>(files(PICTURES, glob));
    all.addAll(files(IMAGES, glob));
    return all;
  }
}
