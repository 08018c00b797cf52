package org.spike2former.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.spike2former", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {
  @ArchTest
  static final ArchRule MODULES =
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
          .layer("verify")
          .definedBy("org.spike2former.verify..")
          .layer("cli")
          .definedBy("org.spike2former.cli..")
          .whereLayer("tensor")
          .mayNotAccessAnyLayer()
          .whereLayer("data")
          .mayNotAccessAnyLayer()
          .whereLayer("snn")
          .mayOnlyAccessLayers("tensor")
          .whereLayer("model")
          .mayOnlyAccessLayers("tensor", "snn", "data")
          .whereLayer("verify")
          .mayOnlyAccessLayers("tensor", "snn", "model")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  /** Without its module the scalar reference must still load. */
  @ArchTest
  static final ArchRule VECTOR_API_STAYS_IN_ITS_CLASSES =
      noClasses()
          .that()
          .haveSimpleNameNotStartingWith("Vector")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator.vector..");

  /** The network is written against {@code Ops}; only its front door chooses an implementation. */
  @ArchTest
  static final ArchRule NETWORK_KNOWS_NO_IMPLEMENTATION =
      noClasses()
          .that()
          .resideInAPackage("org.spike2former.model..")
          .and()
          .doNotHaveSimpleName("Segmenter")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.spike2former.tensor.cpu..");

  @ArchTest
  static final ArchRule NO_NATIVE_CODE =
      noClasses()
          .should()
          .callMethod(System.class, "load", String.class)
          .orShould()
          .callMethod(System.class, "loadLibrary", String.class)
          .orShould()
          .callMethod(Runtime.class, "load", String.class)
          .orShould()
          .callMethod(Runtime.class, "loadLibrary", String.class);

  /** {@code Math} intrinsics of these differ between machines. */
  @ArchTest
  static final ArchRule PORTABLE_TRANSCENDENTALS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.spike2former.tensor..", "org.spike2former.snn..", "org.spike2former.model..")
          .should()
          .callMethod(Math.class, "exp", double.class)
          .orShould()
          .callMethod(Math.class, "sin", double.class)
          .orShould()
          .callMethod(Math.class, "cos", double.class)
          .orShould()
          .callMethod(Math.class, "pow", double.class, double.class)
          .orShould()
          .callMethod(Math.class, "log", double.class);
}
