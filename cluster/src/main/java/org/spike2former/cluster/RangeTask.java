package org.spike2former.cluster;

import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.spike2former.cli.cluster.WorkOrder;
import org.spike2former.cli.console.Errors;
import org.spike2former.data.Tally;
import org.spike2former.data.loader.ImagePass;
import org.spike2former.data.loader.ReadAhead;

/** What an executor does with a range of images. */
final class RangeTask<R extends Tally<R>> implements Function<ImageRange, RangeResult<R>> {
  private static final long serialVersionUID = 1;

  private final Broadcast<WorkOrder> order;

  RangeTask(Broadcast<WorkOrder> order) {
    this.order = order;
  }

  @Override
  public RangeResult<R> call(ImageRange range) {
    ExecutorShare share;
    try {
      share = ExecutorShare.of(order.value());
    } catch (IOException e) {
      return new RangeResult<>(0, null, e.getMessage(), true);
    }
    // The order makes the same pass as the driver's.
    @SuppressWarnings("unchecked")
    ImagePass<Object, R> pass = (ImagePass<Object, R>) share.pass();
    return run(pass, share, range);
  }

  private RangeResult<R> run(ImagePass<Object, R> pass, ExecutorShare turn, ImageRange range) {
    ReadAhead<Object> images = new ReadAhead<>(pass::read, range.from(), range.to());
    R all = pass.none();
    for (int i = range.from(); i < range.to(); i++) {
      TaskContext.get().killTaskIfInterrupted();
      try {
        // Others compute while this one waits for its file.
        ImagePass.Source<Object> image = read(images);
        synchronized (turn) {
          all.add(pass.compute(i, image));
        }
      } catch (IOException | RuntimeException e) {
        TaskContext.get().killTaskIfInterrupted();
        return new RangeResult<>(i - range.from(), all, Errors.describe(e), false);
      } catch (OutOfMemoryError _) {
        String problem =
            pass.file(i)
                + ": not enough memory in executor "
                + ThisExecutor.name()
                + "; allow more by spark.executor.memory";
        return new RangeResult<>(i - range.from(), all, problem, false);
      }
    }
    return new RangeResult<>(range.to() - range.from(), all, null, false);
  }

  /** The next image, or what reading it threw. */
  private static ImagePass.Source<Object> read(ReadAhead<Object> images) {
    try {
      Object image = images.next();
      return () -> image;
    } catch (IOException e) {
      return () -> {
        throw e;
      };
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    } catch (OutOfMemoryError e) {
      return () -> {
        throw e;
      };
    }
  }
}
