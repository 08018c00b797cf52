package org.spike2former.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.spike2former.data.ClassTable;
import org.spike2former.model.network.ParameterSet;
import org.spike2former.model.weights.ModelWeights;
import org.spike2former.tensor.DType;
import org.spike2former.tensor.Parameter;
import org.spike2former.tensor.Tensor;

/**
 * The classes of a model folder that a run starts from. A classifier of the right size may still
 * have been trained on the classes in another order, as data sets that tell things apart have them.
 */
public final class ClassOrder {
  private ClassOrder() {}

  /**
   * Sorts the rows of a classifier by the names of the classes, where both have the same ones.
   *
   * @param folder that its weights come from; without a {@code classes.json} or a classifier
   *     nothing is done
   * @param classes of the run
   * @param parameters of the network
   * @return what is to be said of it, if anything
   * @throws IOException if {@code classes.json} is damaged
   */
  public static Optional<String> follow(Path folder, ClassTable classes, ParameterSet parameters)
      throws IOException {
    String classifier = ModelWeights.classifier(parameters);
    Parameter weight = parameters.get(classifier + "weight");
    Parameter bias = parameters.get(classifier + "bias");
    Path file = folder.resolve("classes.json");
    if (!Files.isRegularFile(file) || !weight.isSet() || !bias.isSet()) {
      return Optional.empty();
    }
    List<String> before = ClassTable.read(file).names();
    List<String> now = classes.names();
    if (before.equals(now) || before.size() != now.size()) {
      return Optional.empty();
    }
    if (new HashSet<>(now).size() != now.size()
        || !new HashSet<>(before).equals(new HashSet<>(now))) {
      return Optional.of(
          "warning: "
              + file
              + " has other names of classes; "
              + classifier
              + "* is taken as it is, row by row");
    }
    int[] rows = now.stream().mapToInt(before::indexOf).toArray();
    weight.set(sorted(weight.value(), rows));
    bias.set(sorted(bias.value(), rows));
    return Optional.of(
        file
            + " has the classes in another order; the rows of "
            + classifier
            + "* follow their names");
  }

  /**
   * Row k becomes what row {@code rows[k]} was; "no object", if there is one the last row, stays.
   */
  private static Tensor sorted(Tensor x, int... rows) {
    Tensor all = x.to(DType.F64);
    double[] out = all.doubles().clone();
    int width = x.size() / x.dim(0);
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(all.doubles(), rows[k] * width, out, k * width, width);
    }
    return Tensor.of(out, x.shape()).to(x.dtype());
  }
}
