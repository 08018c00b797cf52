package org.spike2former.accel.fpga;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.spike2former.accel.fpga.KernelShape.Kind;
import org.spike2former.accel.fpga.KernelShape.Output;
import org.spike2former.tensor.layer.Window;

/** The OpenCL of a kernel. */
final class KernelSource {
  /** What all kernels include. */
  static final String HEADER = "s2f.h";

  private KernelSource() {}

  /** The source of a shape's kernel. */
  static String of(KernelShape shape) {
    String template = shape.kind().name().toLowerCase(Locale.ROOT) + ".cl";
    return Templates.render(template, values(shape));
  }

  private static Map<String, Object> values(KernelShape shape) {
    Window g = shape.window();
    boolean linear = shape.kind() == Kind.LINEAR;
    boolean depthwise = shape.kind() == Kind.DEPTHWISE;
    Map<String, Object> values = new HashMap<>();
    values.put("name", shape.name());
    values.put("title", title(shape));
    values.put("n", g.n());
    values.put("h", g.h());
    values.put("w", g.w());
    values.put("oh", g.oh());
    values.put("ow", g.ow());
    values.put("outPixels", g.outPixels());
    values.put("cin", g.cin());
    values.put("cout", g.cout());
    values.put("kh", g.kh());
    values.put("kw", g.kw());
    values.put("stride", g.stride());
    values.put("pad", g.pad());
    values.put("paddedHeight", shape.paddedHeight());
    values.put("paddedWidth", shape.paddedWidth());
    values.put("inLines", shape.inLines());
    values.put("words", shape.words());
    values.put("groups", shape.groups());
    values.put("slab", shape.slab());
    values.put("slabs", shape.slabs());
    values.put("slabLines", shape.slabLines());
    values.put("outLines", shape.outLines());
    values.put("maxSpikes", shape.maxSpikes());
    values.put("spikes", shape.isSpikes());
    values.put("potentials", !shape.isSpikes());
    values.put("residual", shape.output() == Output.RESIDUAL);
    values.put("inType", depthwise ? "lanes64" : "words64");
    values.put("zero", depthwise ? "{{(char16)(0)}}" : "{{(char4)(0)}}");
    values.put("part", depthwise ? "lanes" : "word");
    values.put("parts", depthwise ? 4 : 16);
    values.put("inShape", linear ? "[PIXELS][IN_LINES]" : "[MAPS][IN_HEIGHT][IN_WIDTH][IN_LINES]");
    values.put("pixelShape", linear ? "[PIXELS]" : "[MAPS][OUT_HEIGHT][OUT_WIDTH]");
    values.put(
        "weightsShape",
        switch (shape.kind()) {
          case LINEAR -> "[GROUPS][IN_WORDS]";
          case DENSE -> "[GROUPS][TAPS][IN_WORDS]";
          case DEPTHWISE -> "[TAPS][IN_LINES]";
        });
    return values;
  }

  /** The layer in words. */
  private static String title(KernelShape shape) {
    Window g = shape.window();
    String output =
        switch (shape.output()) {
          case SPIKES -> "0 to " + shape.maxSpikes() + " spikes each";
          case FLOATS -> "floats";
          case RESIDUAL -> "floats added to a residual";
        };
    return switch (shape.kind()) {
      case LINEAR ->
          String.format(
              Locale.ROOT,
              "Linear layer: %d pixels of %d channels of spikes to %d channels, %s.",
              g.outPixels(),
              g.cin(),
              g.cout(),
              output);
      case DENSE, DEPTHWISE ->
          String.format(
              Locale.ROOT,
              "%s convolution %dx%d: spikes %dx%dx%dx%d to %dx%dx%dx%d, %s.",
              shape.kind() == Kind.DENSE ? "Dense" : "Depthwise",
              g.kh(),
              g.kw(),
              g.n(),
              g.h(),
              g.w(),
              g.cin(),
              g.n(),
              g.oh(),
              g.ow(),
              g.cout(),
              output);
    };
  }
}
