package org.spike2former.fuzz;

import static org.spike2former.fuzz.seed.Repository.ROOT;
import static org.spike2former.fuzz.seed.Repository.file;
import static org.spike2former.fuzz.seed.Repository.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spike2former.cli.cluster.ClusterConfig;
import org.spike2former.cli.report.CostFile;
import org.spike2former.data.ClassTable;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.image.Preprocessing;
import org.spike2former.fuzz.mutation.Bytes;
import org.spike2former.fuzz.mutation.Lines;
import org.spike2former.fuzz.mutation.Mutation;
import org.spike2former.fuzz.mutation.Trees;
import org.spike2former.fuzz.seed.Texts;
import org.spike2former.model.network.ModelConfig;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.TrainLog;
import org.spike2former.verify.compare.Tolerances;

/** Configurations and logs: JSON and YAML. */
final class ConfigTargets {
  private static final Path CONFIGS = ROOT.resolve("configs");

  private ConfigTargets() {}

  static List<Target> all() {
    List<byte[]> trainings = new ArrayList<>(Texts.trainings());
    trainings.addAll(files("configs", "*.yaml"));
    return List.of(
        json(
            "model-json",
            "model.json",
            files("configs/models", "*sdtv3*.json"),
            (file, content) -> ModelConfig.read(file)),
        json(
            "classes-json",
            "classes.json",
            files("models/camvid", "classes.json"),
            (file, content) -> ClassTable.read(file)),
        json(
            "preprocess-json",
            "preprocess.json",
            files("models/camvid", "preprocess.json"),
            (file, content) -> Preprocessing.read(file)),
        json(
            "energy",
            "energy.json",
            List.of(file("configs/energy/45nm.json")),
            (file, content) -> CostFile.read(file)),
        json(
            "tolerances",
            "tolerances.json",
            Texts.tolerances(),
            (file, content) -> Tolerances.of(file.toString())),
        json(
            "log",
            "log.jsonl",
            Texts.logs(),
            (file, content) -> TrainLog.read(file, Long.MAX_VALUE, _ -> {})),
        yaml(
            "train-yaml",
            "train.yaml",
            trainings,
            (file, content) -> TrainConfig.read(file, List.of(), CONFIGS)),
        yaml(
            "data-yaml",
            "data.yaml",
            files("configs/datasets", "*.yaml"),
            (file, content) -> DataConfig.read(file, CONFIGS)),
        yaml(
            "cluster-yaml",
            "cluster.yaml",
            Texts.clusters(),
            (file, content) -> ClusterConfig.read(file)));
  }

  private static Target json(String name, String file, List<byte[]> seeds, Reader reader) {
    List<Mutation> mutations = List.of(Trees.ofJson(), new Lines(), new Bytes());
    return Target.of(name, file, seeds, mutations, reader);
  }

  private static Target yaml(String name, String file, List<byte[]> seeds, Reader reader) {
    List<Mutation> mutations = List.of(Trees.ofYaml(), new Lines(), new Bytes());
    return Target.of(name, file, seeds, mutations, reader);
  }
}
