package org.spike2former.fuzz;

import static org.spike2former.fuzz.seed.Repository.ROOT;
import static org.spike2former.fuzz.seed.Repository.file;
import static org.spike2former.fuzz.seed.Repository.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.spike2former.fuzz.mutation.Bytes;
import org.spike2former.fuzz.mutation.Integers;
import org.spike2former.fuzz.mutation.Mutation;
import org.spike2former.fuzz.mutation.PickleOperations;
import org.spike2former.fuzz.mutation.SafetensorsTree;
import org.spike2former.fuzz.mutation.Trees;
import org.spike2former.fuzz.mutation.ZipRecords;
import org.spike2former.fuzz.seed.Checkpoint;
import org.spike2former.fuzz.seed.Containers;
import org.spike2former.fuzz.seed.Texts;
import org.spike2former.tensor.Shape;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.io.ElementType;
import org.spike2former.tensor.io.Npy;
import org.spike2former.tensor.io.TensorArchive;
import org.spike2former.tensor.io.TensorFiles;
import org.spike2former.train.run.Checkpoints;
import org.spike2former.verify.folder.FixtureFolder;

/** Files of tensors, and folders of them. */
final class TensorTargets {
  private static final String FILES = "tensor/src/test/resources/org/spike2former/tensor/io";
  private static final String PARITY = "samples/parity-tiny";

  private TensorTargets() {}

  static List<Target> all() {
    List<byte[]> checkpoints = new ArrayList<>(files(FILES, "*.pth"));
    checkpoints.addAll(files(FILES, "*.pt"));
    List<byte[]> zips = checkpoints.stream().filter(file -> file[0] == 'P').toList();
    List<byte[]> pickles = new ArrayList<>(Containers.pickles(zips));
    // The one that fits the container's storages, half of all.
    pickles.addAll(Collections.nCopies(pickles.size(), Containers.pickle()));
    return List.of(
        archive(
            "safetensors", "w.safetensors", files(FILES, "*.safetensors"), new SafetensorsTree()),
        archive("checkpoint", "w.pth", zips, new ZipRecords()),
        archive("pickle", "w.pth", pickles, new PickleOperations())
            .wrappedBy(Containers::checkpoint),
        archive(
            "legacy-checkpoint",
            "w.pth",
            checkpoints.stream().filter(file -> file[0] != 'P').toList(),
            new PickleOperations()),
        archive("shard-index", "w.safetensors.index.json", Texts.shardIndexes(), Trees.ofJson())
            .with(List.of(ROOT.resolve(FILES).resolve("mmengine.safetensors"))),
        Target.of(
            "npy", "a.npy", files(FILES, "*.npy"), binary(new Integers()), TensorTargets::npy),
        Target.of(
            "training-state",
            "step-1.safetensors",
            List.of(Checkpoint.file()),
            binary(new SafetensorsTree()),
            (file, content) -> Checkpoints.load(file)),
        parity("parity-recording", "io_f32.safetensors", new SafetensorsTree()),
        parity("parity-weights", "weights.safetensors", new SafetensorsTree()),
        parity("parity-model", "model.json", Trees.ofJson()));
  }

  private static List<Mutation> binary(Mutation mutation) {
    return List.of(mutation, new Bytes(), new Integers());
  }

  private static Target archive(String name, String file, List<byte[]> seeds, Mutation mutation) {
    return Target.of(name, file, seeds, binary(mutation), TensorTargets::readAll);
  }

  /** All tensors that can be read; what is left is told by their element type. */
  private static void readAll(Path file, Content content) throws IOException {
    try (TensorArchive archive = TensorFiles.open(file)) {
      for (String name : archive.names()) {
        if (archive.type(name) != ElementType.OTHER) {
          content.add(8L * Shape.size(archive.shape(name)));
          archive.read(name);
        }
      }
      archive.unread();
      archive.otherContainers();
    }
  }

  private static void npy(Path file, Content content) throws IOException {
    Npy.read(file).tensor();
  }

  /** A file of a recording, with the others beside it. */
  private static Target parity(String name, String file, Mutation mutation) {
    List<Path> others =
        Stream.of("io_f32", "io_f64", "spikes", "trace_f64", "weights")
            .map(each -> each + ".safetensors")
            .filter(each -> !each.equals(file))
            .map(ROOT.resolve(PARITY)::resolve)
            .toList();
    List<Path> beside = new ArrayList<>(others);
    if (!file.equals("model.json")) {
      beside.add(ROOT.resolve(PARITY).resolve("model.json"));
    }
    return Target.of(
            name,
            file,
            List.of(file(PARITY + "/" + file)),
            binary(mutation),
            (path, content) -> {
              try (FixtureFolder folder = FixtureFolder.open(path.getParent())) {
                Tensor input = folder.input();
                content.add(8L * Shape.size(input.shape()));
                readAll(folder.weights(), content);
              }
            })
        .with(beside);
  }
}
