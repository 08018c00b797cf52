package org.spike2former.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spike2former.data.Folders;
import org.spike2former.data.event.EventFormat;
import org.spike2former.data.event.EventFormat.TimeUnit;
import org.spike2former.data.event.EventReader;
import org.spike2former.data.event.FrameMaker;
import org.spike2former.data.event.Windows;
import org.spike2former.data.pixel.FrameFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code s2f data events}: frames of event lists. */
@Command(
    name = "events",
    header = "Makes frames of an event camera's lists of events.",
    description = {
      "Each line of a list is an event: x y t p, between spaces, tabs or commas; times must not go"
          + " back. Lines that begin with # are passed over.",
      "The events of a window of time, or a number of events, become a frame: how many there were"
          + " of negative (channel 0) and positive polarity (channel 1), or with --voxel a voxel grid"
          + " (Zhu et al., CVPR 2019). Written are NAME-000000.npy and so on, float32 of shape [H, W,"
          + " C], or [T, H, W, C] with --frames. What is left of an unfinished window or file at the"
          + " end is left out, and its events are counted."
    },
    mixinStandardHelpOptions = true)
final class DataEventsCommand implements Callable<Integer> {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(s|ms|us|ns)");

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Lists of events, as text or CSV.")
  private List<Path> files;

  @Option(
      names = "--height",
      required = true,
      paramLabel = "PIXELS",
      description = "Pixels of the camera, down.")
  private int height;

  @Option(
      names = "--width",
      required = true,
      paramLabel = "PIXELS",
      description = "Pixels of the camera, to the right.")
  private int width;

  @Option(
      names = "--time-unit",
      required = true,
      paramLabel = "s|ms|us|ns",
      description = "What t counts.")
  private TimeUnit unit;

  @Option(
      names = "--polarity",
      required = true,
      paramLabel = "01|-11",
      description = "Whether p is 0 or 1 (01), or -1 or 1 (-11).")
  private String polarity;

  @Option(
      names = "--columns",
      paramLabel = "xytp",
      defaultValue = "xytp",
      description = "The order of the columns, such as txyp (default: xytp).")
  private String columns;

  @Option(names = "--header", description = "The first line names the columns; it is passed over.")
  private boolean header;

  @Option(
      names = "--window",
      paramLabel = "TIME",
      description = "A window is so long, such as 50ms or 1500us.")
  private String window;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "A window is N events, at most 10,000,000.")
  private Integer events;

  @Option(
      names = "--frames",
      paramLabel = "T",
      defaultValue = "1",
      description = "Windows of a file, for a network of as many time steps (default: 1).")
  private int frames;

  @Option(
      names = "--voxel",
      paramLabel = "B",
      description = "Voxel grids of B bins in place of counts.")
  private Integer bins;

  @Option(
      names = "--max-files",
      paramLabel = "N",
      defaultValue = "100000",
      description = "More files than this are refused (default: 100,000).")
  private long maxFiles;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description = "The folder, which is whole in the end or not there.")
  private Path output;

  @Override
  public Integer call() throws IOException {
    EventFormat format = new EventFormat(columns, unit, signed(), header, width, height);
    Windows.Rule rule = rule();
    requireDistinct();
    String report =
        Folders.write(
            output,
            folder -> {
              StringBuilder lines = new StringBuilder();
              for (Path file : files) {
                lines.append(convert(file, format, rule, folder));
              }
              return lines.toString();
            });
    System.out.print(report);
    return 0;
  }

  private boolean signed() {
    return switch (polarity) {
      case "01" -> false;
      case "-11" -> true;
      default ->
          throw new IllegalArgumentException("--polarity: expected 01 or -11, found " + polarity);
    };
  }

  private Windows.Rule rule() {
    if ((window == null) == (events == null)) {
      throw new IllegalArgumentException("expected one of --window and --events");
    }
    if (events != null && events < 1) {
      throw new IllegalArgumentException("--events: expected 1 or more, found " + events);
    }
    if (frames < 1 || (long) frames * maker().channels() > FrameFile.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "--frames: expected at least 1, and with the channels at most "
              + FrameFile.MAX_DEPTH
              + " numbers a pixel, found "
              + frames);
    }
    return new Windows.Rule(
        window == null ? 0 : nanos(), events == null ? 0 : events, frames, maxFiles);
  }

  private long nanos() {
    Matcher matcher = DURATION.matcher(window);
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new IllegalArgumentException(
          "--window: expected a whole number above 0 with s, ms, us or ns, such as 50ms, found "
              + window);
    }
    TimeUnit of = TimeUnit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), of.nanos());
  }

  private FrameMaker maker() {
    if (bins == null) {
      return FrameMaker.COUNTS;
    }
    if (bins < 1 || bins > FrameFile.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "--voxel: expected 1 to " + FrameFile.MAX_DEPTH + " bins, found " + bins);
    }
    return new FrameMaker.VoxelGrid(bins);
  }

  private void requireDistinct() {
    Map<String, Path> stems = new HashMap<>();
    for (Path file : files) {
      Path other = stems.put(stem(file), file);
      if (other != null) {
        throw new IllegalArgumentException(
            other + " and " + file + " would both be written as " + stem(file) + "-*.npy");
      }
    }
  }

  private static String stem(Path file) {
    String name = file.getFileName() == null ? "events" : file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private String convert(Path file, EventFormat format, Windows.Rule rule, Path folder)
      throws IOException {
    FrameMaker maker = maker();
    Windows windows =
        new Windows(
            format,
            maker,
            rule,
            (number, planes) -> {
              String name = String.format(Locale.ROOT, "%s-%06d.npy", stem(file), number);
              FrameFile.write(
                  folder.resolve(name), frames, height, width, maker.channels(), planes);
            });
    long read;
    try (EventReader reader = new EventReader(file, format)) {
      read = reader.read(windows);
    }
    if (windows.files() == 0) {
      throw new IOException(
          file + ": its " + read + " events do not fill the windows of a single file");
    }
    return String.format(
        Locale.ROOT,
        "%s: %,d events, %,d of them left over → %,d × %s in %s%n",
        file,
        read,
        windows.leftOver(),
        windows.files(),
        (frames == 1 ? "[" : "[" + frames + ", ")
            + (height + ", " + width + ", " + maker.channels() + "]"),
        output);
  }
}
