package org.spike2former.train.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.spike2former.data.LabelMap;
import org.spike2former.data.Sample;
import org.spike2former.data.Task;
import org.spike2former.data.dataset.DataConfig;
import org.spike2former.data.dataset.Dataset;
import org.spike2former.data.picture.ComparisonSheet;
import org.spike2former.data.table.Column;
import org.spike2former.data.table.Table;
import org.spike2former.model.Segmenter;
import org.spike2former.model.panoptic.PanopticOptions;
import org.spike2former.model.weights.ModelFolder;
import org.spike2former.tensor.io.AtomicFile;
import org.spike2former.train.Evaluation;
import org.spike2former.train.Quality;
import org.spike2former.train.TrainListener;
import org.spike2former.train.config.TrainConfig;
import org.spike2former.train.run.RunFolder;

/**
 * Writes of each evaluation {@code evaluations/step-00000600.csv}, the value of each class, and
 * {@code step-00000600.png}, some images of the split with their labels and what the network of
 * that step, the last that was exported, finds in them.
 */
final class EvaluationFiles implements TrainListener {
  private static final int EXAMPLES = 4;

  private final TrainConfig config;
  private final RunFolder folder;
  private final Consumer<String> notices;
  private boolean canDraw = true;

  EvaluationFiles(TrainConfig config, Consumer<String> notices) {
    this.config = config;
    this.folder = new RunFolder(config.output());
    this.notices = notices;
  }

  /** The picture of a step's evaluation. */
  static Path picture(Path run, long step) {
    return file(run, step, ".png");
  }

  private static Path file(Path run, long step, String suffix) {
    String name = String.format(Locale.ROOT, "step-%08d%s", step, suffix);
    return run.resolve("evaluations").resolve(name);
  }

  @Override
  public void evaluated(long step, Evaluation result, boolean best) {
    try {
      Path csv = file(folder.path(), step, ".csv");
      Files.createDirectories(csv.getParent());
      AtomicFile.write(csv, table(result).csv());
      if (canDraw) {
        draw(step);
      }
    } catch (IOException | RuntimeException e) {
      notices.accept("warning: the evaluation is not in " + folder.path() + "/evaluations: " + e);
    } catch (OutOfMemoryError _) {
      canDraw = false;
      notices.accept("warning: not enough memory to draw what the network finds");
    }
  }

  private Table<Integer> table(Evaluation result) {
    List<String> names = config.data().classes().names();
    return Table.of(
        IntStream.range(0, result.classes().size()).boxed().toList(),
        Column.of("class", names::get),
        Column.of(Quality.of(config.data()).ofClass(), result.classes()::get));
  }

  private void draw(long step) throws IOException {
    DataConfig data = config.data();
    Dataset dataset = data.dataset(config.loop().evalSplit());
    List<ComparisonSheet.Row> rows = new ArrayList<>();
    try (Segmenter segmenter = config.segmenter(ModelFolder.load(folder.last(), false))) {
      int count = Math.min(EXAMPLES, dataset.size());
      for (int n = 0; n < count; n++) {
        int i = (int) ((long) n * dataset.size() / count);
        if (readable(dataset, i) instanceof Sample sample) {
          rows.add(new ComparisonSheet.Row(sample, predict(segmenter, sample)));
        }
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    BufferedImage sheet = ComparisonSheet.draw(rows, data.classes());
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(sheet, "png", png);
    AtomicFile.write(picture(folder.path(), step), png.toByteArray());
  }

  /** The evaluation has said, or was told not to, that an image cannot be read. */
  private static Sample readable(Dataset dataset, int i) {
    try {
      return dataset.read(i);
    } catch (IOException _) {
      return null;
    }
  }

  private LabelMap predict(Segmenter segmenter, Sample sample) {
    DataConfig data = config.data();
    if (data.task() == Task.SEMANTIC) {
      return segmenter.segment(sample.image(), data.inference()).labels();
    }
    byte[] classes =
        segmenter
            .panoptic(sample.image(), PanopticOptions.DEFAULT, data.inference().resize())
            .map()
            .classes();
    return new LabelMap(sample.height(), sample.width(), classes);
  }
}
