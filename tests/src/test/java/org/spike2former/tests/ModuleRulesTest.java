package org.spike2former.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.JavaConstructor.CONSTRUCTOR_NAME;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static java.util.Map.entry;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModuleRulesTest {
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("org.spike2former");

  @Test
  void modulesAccessOnlyWhatTheTableAllows() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("tensor")
        .definedBy("org.spike2former.tensor..")
        .layer("snn")
        .definedBy("org.spike2former.snn..")
        .layer("data")
        .definedBy("org.spike2former.data..")
        .layer("model")
        .definedBy("org.spike2former.model..")
        .layer("bundled")
        .definedBy("org.spike2former.bundled..")
        .layer("train")
        .definedBy("org.spike2former.train..")
        .layer("accel")
        .definedBy("org.spike2former.accel..")
        .layer("verify")
        .definedBy("org.spike2former.verify..")
        .layer("serve")
        .definedBy("org.spike2former.serve..")
        .layer("cli")
        .definedBy("org.spike2former.cli..")
        .whereLayer("tensor")
        .mayNotAccessAnyLayer()
        .whereLayer("data")
        .mayOnlyAccessLayers("tensor")
        .whereLayer("snn")
        .mayOnlyAccessLayers("tensor")
        .whereLayer("model")
        .mayOnlyAccessLayers("tensor", "snn", "data")
        .whereLayer("bundled")
        .mayOnlyAccessLayers("model")
        .whereLayer("train")
        .mayOnlyAccessLayers("tensor", "snn", "data", "model")
        .whereLayer("accel")
        .mayOnlyAccessLayers("tensor")
        .whereLayer("verify")
        .mayOnlyAccessLayers("tensor", "snn", "data", "model", "train")
        .whereLayer("serve")
        .mayOnlyAccessLayers("tensor", "snn", "data", "model")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  /** What is public in these only because packages are small must not be used from outside. */
  @Test
  void internalsAreUsedByTheirOwnersAlone() {
    internal("org.spike2former.tensor.cpu.vector..", "org.spike2former.tensor.cpu..");
    internal("org.spike2former.tensor.io.torch..", "org.spike2former.tensor.io..");
    internal("org.spike2former.model.network.block..", "org.spike2former.model..");
    internal("org.spike2former.model.network.fpn..", "org.spike2former.model..");
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "org.spike2former.tensor..",
            "org.spike2former.model.panoptic..",
            "org.spike2former.train.loss..",
            "org.spike2former.accel..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.spike2former.tensor.cpu.kernels..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("org.spike2former.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.spike2former.cli..")
        .check(CLASSES);
  }

  private static void internal(String internals, String owner) {
    noClasses()
        .that()
        .resideOutsideOfPackage(owner)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(internals)
        .check(CLASSES);
  }

  @Test
  void packagesAreSmallAndSayWhatLivesThere() throws IOException {
    Map<Path, List<Path>> packages;
    try (Stream<Path> files = Files.walk(Path.of("..").toRealPath())) {
      packages =
          files
              .filter(file -> file.toString().matches(".*/src/main/java/.*/.*\\.java"))
              .collect(groupingBy(Path::getParent));
    }
    assertThat(packages).hasSizeGreaterThan(20);
    packages.forEach(
        (folder, files) -> {
          assertThat(folder.resolve("package-info.java")).exists();
          assertThat(files).as("classes in %s", folder).hasSizeLessThanOrEqualTo(1 + 30);
        });
  }

  /** Otherwise numbers have other digits and commas, and letters other cases, elsewhere. */
  @Test
  void nothingIsPrintedInTheUsersLocale() {
    noClasses().should().callCodeUnitWhere(takesTheUsersLocale()).check(CLASSES);
  }

  /** Calls of what formats or changes cases without being told a locale. */
  private static DescribedPredicate<JavaCall<?>> takesTheUsersLocale() {
    Map<Class<?>, Set<String>> calls =
        Map.ofEntries(
            entry(String.class, Set.of("format", "formatted", "toLowerCase", "toUpperCase")),
            entry(PrintStream.class, Set.of("format", "printf")),
            entry(PrintWriter.class, Set.of("format", "printf")),
            entry(Formatter.class, Set.of(CONSTRUCTOR_NAME)),
            entry(
                NumberFormat.class,
                Set.of(
                    "getInstance",
                    "getNumberInstance",
                    "getIntegerInstance",
                    "getPercentInstance",
                    "getCompactNumberInstance")),
            entry(DecimalFormat.class, Set.of(CONSTRUCTOR_NAME)),
            entry(MessageFormat.class, Set.of(CONSTRUCTOR_NAME, "format")),
            entry(SimpleDateFormat.class, Set.of(CONSTRUCTOR_NAME)),
            entry(
                DateTimeFormatter.class,
                Set.of("ofPattern", "ofLocalizedDate", "ofLocalizedTime", "ofLocalizedDateTime")),
            entry(Locale.class, Set.of("getDefault")));
    return describe(
        "it takes the user's locale",
        call ->
            calls.entrySet().stream()
                    .anyMatch(
                        known ->
                            call.getTargetOwner().isEquivalentTo(known.getKey())
                                && known.getValue().contains(call.getName()))
                && call.getTarget().getRawParameterTypes().stream()
                    .noneMatch(
                        type ->
                            type.isEquivalentTo(Locale.class)
                                || type.isEquivalentTo(DecimalFormatSymbols.class)));
  }

  /** Without its module the scalar reference must still load. */
  @Test
  void theVectorApiStaysInItsClasses() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.Vector[^.]*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CLASSES);
  }

  /**
   * The network is written against {@code Ops}; only its front door chooses an implementation, and
   * what comes after the network computes on the CPU.
   */
  @Test
  void theNetworkKnowsNoImplementation() {
    noClasses()
        .that()
        .resideInAPackage("org.spike2former.model..")
        .and()
        .resideOutsideOfPackage("org.spike2former.model.panoptic..")
        .and()
        .doNotHaveSimpleName("Segmenter")
        .and()
        .doNotHaveSimpleName("WarmUp")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.spike2former.tensor.cpu..")
        .check(CLASSES);
  }

  @Test
  void thereIsNoNativeCode() {
    noClasses()
        .should()
        .callMethod(System.class, "load", String.class)
        .orShould()
        .callMethod(System.class, "loadLibrary", String.class)
        .orShould()
        .callMethod(Runtime.class, "load", String.class)
        .orShould()
        .callMethod(Runtime.class, "loadLibrary", String.class)
        .check(CLASSES);
  }

  /** {@code Math} intrinsics of these differ between machines. */
  @Test
  void transcendentalsArePortable() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.spike2former.tensor..",
            "org.spike2former.snn..",
            "org.spike2former.model..",
            "org.spike2former.train..")
        .should()
        .callMethod(Math.class, "exp", double.class)
        .orShould()
        .callMethod(Math.class, "sin", double.class)
        .orShould()
        .callMethod(Math.class, "cos", double.class)
        .orShould()
        .callMethod(Math.class, "pow", double.class, double.class)
        .orShould()
        .callMethod(Math.class, "log", double.class)
        .check(CLASSES);
  }

  /**
   * No name in a checkpoint can lead to a class of this JVM: what reads it knows nothing that finds
   * classes, loads, connects or runs.
   */
  @Test
  void readersOfTensorFilesCannotReachClassesByName() {
    classes()
        .that()
        .resideInAPackage("org.spike2former.tensor.io..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "org.spike2former.tensor",
            "org.spike2former.tensor.io..",
            "com.fasterxml.jackson.core",
            "com.fasterxml.jackson.core.exc",
            "java.io",
            "java.lang",
            "java.lang.foreign",
            "java.math",
            "java.nio",
            "java.nio.channels",
            "java.nio.charset",
            "java.nio.file",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "java.util.zip",
            "org.slf4j")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("org.spike2former.tensor.io..")
        .and()
        .doNotHaveSimpleName("Limit") // reads a system property
        .should()
        .dependOnClassesThat(
            belongToAnyOf(
                ClassLoader.class,
                Linker.class,
                Module.class,
                ObjectInputStream.class,
                Process.class,
                ProcessBuilder.class,
                ResourceBundle.class,
                Runtime.class,
                ServiceLoader.class,
                StackWalker.class,
                SymbolLookup.class,
                System.class,
                Thread.class))
        .orShould()
        .callMethodWhere(
            target(owner(type(Class.class)))
                .and(not(target(nameMatching("isInstance|cast|getSimpleName")))))
        .check(CLASSES);
  }

  @Test
  void theRulesSeeTheModules() {
    assertThat(CLASSES.stream().map(c -> c.getPackageName()))
        .contains(
            "org.spike2former.tensor.cpu",
            "org.spike2former.snn",
            "org.spike2former.data",
            "org.spike2former.model",
            "org.spike2former.train",
            "org.spike2former.accel",
            "org.spike2former.verify",
            "org.spike2former.cli");
  }
}
