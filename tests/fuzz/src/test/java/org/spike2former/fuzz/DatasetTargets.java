package org.spike2former.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.spike2former.data.coco.CocoCategories;
import org.spike2former.data.coco.CocoId;
import org.spike2former.data.coco.CocoInstances;
import org.spike2former.data.coco.CocoPanoptic;
import org.spike2former.data.dataset.ColorLabels;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.fuzz.mutation.Bytes;
import org.spike2former.fuzz.mutation.Lines;
import org.spike2former.fuzz.mutation.Mutation;
import org.spike2former.fuzz.mutation.Trees;
import org.spike2former.fuzz.seed.Repository;
import org.spike2former.fuzz.seed.Texts;

/** What data sets say about their images. */
final class DatasetTargets {
  private static final String PANOPTIC = "verify/src/test/resources/fixtures/panoptic/quality";

  private DatasetTargets() {}

  static List<Target> all() {
    Path pictures = Repository.ROOT.resolve(PANOPTIC + "/nocrowd/gt");
    List<Path> beside =
        Stream.iterate(0, i -> i < 8, i -> i + 1)
            .map(i -> pictures.resolve(String.format(Locale.ROOT, "%06d.png", i)))
            .toList();
    return List.of(
        json(
            "coco-categories",
            Texts.cocoCategories(),
            (file, content) -> CocoCategories.read(file)),
        json("coco-instances", Texts.cocoInstances(), DatasetTargets::instances),
        json("coco-results", Texts.cocoResults(), DatasetTargets::results),
        json(
                "coco-panoptic",
                Repository.files(PANOPTIC + "/nocrowd", "gt.json"),
                (file, content) -> {
                  CocoPanoptic panoptic = CocoPanoptic.read(file, file.getParent());
                  for (CocoId image : panoptic.annotated()) {
                    panoptic.map(image);
                  }
                })
            .with(beside),
        Target.of(
            "name-list",
            "train.txt",
            Texts.nameLists(),
            List.of(new Lines(), new Bytes()),
            DatasetTargets::names),
        Target.of(
            "color-table",
            "colors.csv",
            Texts.colorTables(),
            List.of(new Lines(), new Bytes()),
            (file, content) -> ColorLabels.read(file)));
  }

  private static Target json(String name, List<byte[]> seeds, Reader reader) {
    List<Mutation> mutations = List.of(Trees.ofJson(), new Lines(), new Bytes());
    return Target.of(name, name + ".json", seeds, mutations, reader);
  }

  private static void instances(Path file, Content content) throws IOException {
    CocoInstances instances = CocoInstances.read(file);
    for (CocoId image : instances.images().keySet()) {
      instances.truths(image);
    }
  }

  private static void results(Path file, Content content) throws IOException {
    Path images = file.resolveSibling("images.json");
    if (!Files.exists(images)) {
      Files.write(images, Texts.cocoInstances().getFirst());
    }
    CocoInstances.read(images).readResults(file);
  }

  /** A list of the names of images, as a data set has it. */
  private static void names(Path file, Content content) throws IOException {
    Path folder = file.getParent();
    String config =
        """
        {type: folder, root: "%s", classes: [even, odd], list: "{split}.txt",
         image_dir: ., image_suffix: .jpg, label_dir: ., label_suffix: .png}
        """;
    Path data = folder.resolve("data.yaml");
    Files.writeString(data, String.format(Locale.ROOT, config, folder));
    Files.write(folder.resolve("a.jpg"), new byte[0]);
    Files.write(folder.resolve("a.png"), new byte[0]);
    DataConfig.read(data, folder).dataset("train");
  }
}
