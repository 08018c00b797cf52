package org.spike2former.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spike2former.data.loader.BatchReader;
import org.spike2former.model.network.Spike2Former;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Tensor;
import org.spike2former.tensor.cpu.Workers;
import org.spike2former.train.TinyRun.Recorder;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.Checkpoints;
import org.spike2former.train.wire.BatchBlock;
import org.spike2former.train.wire.NetworkBlock;

/** A step may be divided among networks that know nothing of each other. */
class DivisibleStepTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    file = TinyRun.prepare(folder);
  }

  private static BatchReader reader(TrainConfig config) throws IOException {
    return BatchReader.forTraining(
        config.data(),
        config.data().dataset("train"),
        config.loop().batch(),
        config.loop().seed(),
        (_, _) -> {});
  }

  /**
   * Networks that get the run's weights at every step. Batch i of a step is computed by network i
   * mod n, the last batch first.
   */
  private static final class Replicas implements GradientSource {
    private final Run run;
    private final BatchReader reader;
    private final List<BatchPass> passes = new ArrayList<>();
    private final Map<Long, byte[]> results = new TreeMap<>();
    private long next;

    Replicas(Run run, int count, Workers workers) throws IOException {
      this.run = run;
      reader = reader(run.config());
      for (int i = 0; i < count; i++) {
        Spike2Former network = new Spike2Former(run.config().model());
        network.parameters().all().forEach(p -> p.set(Tensor.zeros(DType.F32, p.shape())));
        TrainingStep.convert(network, run.config().loop().precision());
        passes.add(BatchPass.of(run.config(), network, workers));
      }
    }

    @Override
    public void begin(long first, int count) throws IOException {
      next = first;
      byte[] weights = NetworkBlock.write(run.pass().network());
      for (int i = count - 1; i >= 0; i--) {
        BatchPass pass = passes.get(i % passes.size());
        NetworkBlock.read(weights, pass.network());
        BatchResult result = pass.run(reader.batch(first + i));
        results.put(first + i, new BatchBlock(pass.network()).write(result));
      }
    }

    @Override
    public BatchResult next() {
      return new BatchBlock(run.pass().network()).read(results.remove(next++));
    }

    @Override
    public void close() {}
  }

  private TrainingState train(String output, int replicas, String... overrides) throws Exception {
    Path path = folder.resolve(output);
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("output=" + path);
    all.add("train.iterations=2");
    all.add("train.eval_every=0");
    TrainConfig config = TinyRun.config(file, all.toArray(String[]::new));
    try (Workers workers = new Workers(1);
        Trainer trainer =
            replicas == 0
                ? new Trainer(config, new Recorder())
                : new Trainer(
                    config, new Recorder(), run -> new Replicas(run, replicas, workers))) {
      trainer.run(false);
    }
    return new Checkpoints(path.resolve("checkpoints"), 2).latest(_ -> {});
  }

  private static void requireSame(TrainingState found, TrainingState expected) {
    requireSame(found.weights(), expected.weights());
    requireSame(found.optimiser(), expected.optimiser());
    requireSame(found.ema(), expected.ema());
    assertThat(found.bestQuality()).isEqualTo(Double.valueOf(expected.bestQuality()));
  }

  private static void requireSame(Map<String, Tensor> found, Map<String, Tensor> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach((name, x) -> assertThat(x.bitEquals(expected.get(name))).as(name).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.accumulate=4",
        "train.accumulate=3",
        "train.precision=f64",
        "train.freeze_norms=[backbone]"
      })
  void whoComputesTheBatchesDoesNotMatter(String override) throws Exception {
    TrainingState local = train("local", 0, override);
    requireSame(train("two", 2, override), local);
    requireSame(train("seven", 7, override), local);
  }

  /** Running statistics move batch by batch, as PyTorch's do. */
  @Test
  void everyBatchMovesTheRunningStatistics() throws Exception {
    TrainingState state = train("run", 2, "train.accumulate=3");
    String count = "backbone.downsample1_1.encode_bn.num_batches_tracked";
    assertThat(state.weights().get(count).get(0)).isEqualTo(6);
  }

  @Test
  void aPassLeavesTheNetworkAsItWas() throws Exception {
    TrainConfig config = TinyRun.config(file);
    try (Workers workers = new Workers(1)) {
      Learner learner = new Learner(config, workers);
      learner.start(_ -> {});
      BatchPass pass = learner.pass();
      byte[] before = NetworkBlock.write(pass.network());
      BatchReader reader = reader(config);
      BatchBlock blocks = new BatchBlock(pass.network());
      byte[] first = blocks.write(pass.run(reader.batch(0)));
      pass.run(reader.batch(1));
      assertThat(NetworkBlock.write(pass.network())).isEqualTo(before);
      assertThat(blocks.write(pass.run(reader.batch(0)))).isEqualTo(first);
      assertThat(blocks.write(blocks.read(first))).isEqualTo(first);
    }
  }

  @Test
  void aBatchThatIsNotFiniteIsToldByItsNames() throws Exception {
    Spike2Former network = new Spike2Former(TinyRun.config(file).model());
    BatchBlock blocks = new BatchBlock(network);
    BatchResult read = blocks.read(blocks.write(BatchResult.notFinite(List.of("a", "b"))));
    assertThat(read.names()).containsExactly("a", "b");
    assertThat(read.gradients()).isNull();
    assertThat(read.loss()).isNaN();
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() throws Exception {
    Spike2Former network = new Spike2Former(TinyRun.config(file).model());
    network.parameters().all().forEach(p -> p.set(Tensor.zeros(DType.F32, p.shape())));
    assertThatThrownBy(() -> NetworkBlock.read(new byte[12], network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("weights of 12 bytes for a network of ");
  }
}
