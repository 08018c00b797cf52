package org.spike2former.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spike2former.data.image.ImageFiles;
import org.spike2former.model.Keep;
import org.spike2former.model.Segmenter;

/** An application on the module path. */
class ModulePathTest {
  /** Of the class path, the library and what it needs. */
  private static final String LIBRARY =
      "(spike2former-(tensor|snn|data|model|model-camvid)-|jackson-|snakeyaml-|slf4j-api-"
          + "|commons-csv-|imageio-|common-(image|io|lang)-).*\\.jar";

  private static final String MODULE = "module app { requires org.spike2former.model; opens app; }";

  private static final String CODE =
      """
      package app;

      import java.nio.file.Path;
      import java.util.function.Function;
      import org.spike2former.model.Keep;
      import org.spike2former.model.Segmenter;

      public class App implements Function<String, String> {
        @Override
        public String apply(String photo) {
          try (Segmenter segmenter = Segmenter.bundled("camvid")) {
            return segmenter.segment(Path.of(photo), Keep.LOGITS).digest();
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }
      }
      """;

  @TempDir Path folder;

  /** Neither the bundled model nor the Vector API has to be named. */
  @Test
  void itRequiresTheModelAlone() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<Path> library =
        Arrays.stream(classPath.split(File.pathSeparator))
            .map(Path::of)
            .filter(jar -> jar.getFileName().toString().matches(LIBRARY))
            .toList();
    Path app = compiled(library);

    ModuleFinder finder =
        ModuleFinder.compose(ModuleFinder.of(app), ModuleFinder.of(library.toArray(Path[]::new)));
    ModuleLayer boot = ModuleLayer.boot();
    Configuration modules =
        Configuration.resolveAndBind(
            finder, List.of(boot.configuration()), ModuleFinder.of(), Set.of("app"));
    assertThat(modules.modules()).extracting(module -> module.name()).contains("org.slf4j");
    assertThat(finder.find("org.spike2former.tensor").orElseThrow().descriptor().requires())
        .extracting(required -> required.name())
        .contains("jdk.incubator.vector");
    ModuleLayer layer =
        boot.defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader());
    Class<?> type = layer.findLoader("app").loadClass("app.App");
    assertThat(type.getModule().isNamed()).isTrue();
    @SuppressWarnings("unchecked")
    Function<String, String> run = (Function<String, String>) type.getConstructor().newInstance();

    Path photo = S2f.ROOT.resolve("samples/street.jpg");
    try (Segmenter segmenter = Segmenter.load(S2f.ROOT.resolve("models/camvid"))) {
      String expected = segmenter.segment(ImageFiles.read(photo), Keep.LOGITS).digest();
      assertThat(run.apply(photo.toString())).isEqualTo(expected);
    }
  }

  private Path compiled(List<Path> library) throws Exception {
    Files.createDirectories(folder.resolve("src/app"));
    Path module = Files.writeString(folder.resolve("src/module-info.java"), MODULE);
    Path code = Files.writeString(folder.resolve("src/app/App.java"), CODE);
    Path classes = folder.resolve("classes");
    String modulePath =
        library.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    StringWriter said = new StringWriter();
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    int status =
        javac.run(
            new PrintWriter(said),
            new PrintWriter(said),
            "-Xlint:all,-incubating,-path",
            "-Werror",
            "-p",
            modulePath,
            "-d",
            classes.toString(),
            module.toString(),
            code.toString());
    assertThat(status).as("%s", said).isZero();
    return classes;
  }
}
