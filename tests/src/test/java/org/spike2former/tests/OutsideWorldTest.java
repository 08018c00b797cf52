package org.spike2former.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.beans.XMLDecoder;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.NetworkChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing of the product reaches the network, starts processes or makes objects of bytes, but for
 * the modules that are there for it and the classes that are named here. Third parties' classes are
 * not looked into.
 */
class OutsideWorldTest {
  /** Of all modules that are built, also those of profiles; those that build or measure aside. */
  private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(folders());

  private static final DescribedPredicate<JavaClass> OUTSIDE =
      describe(
          "are neither of serve nor of cluster",
          found -> !found.getPackageName().matches("org\\.spike2former\\.(serve|cluster)\\b.*"));

  private static final List<Class<?>> NETWORK =
      List.of(
          Socket.class,
          ServerSocket.class,
          DatagramSocket.class,
          NetworkChannel.class,
          AsynchronousChannel.class,
          URLConnection.class,
          URLClassLoader.class,
          InetAddress.class);

  /** Packages of nothing but that. */
  private static final String[] NETWORK_PACKAGES = {
    "java.net.http..", "java.rmi..", "javax.naming..", "javax.net..", "com.sun.net.httpserver.."
  };

  private static List<Path> folders() {
    try (Stream<Path> modules = Files.walk(S2f.ROOT, 2)) {
      return modules
          .filter(module -> Files.exists(module.resolve("pom.xml")))
          .filter(module -> !module.toString().matches(".*/(bench|generator|tests)"))
          .map(module -> module.resolve("target/classes/org/spike2former"))
          .filter(Files::isDirectory)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theNetworkIsForTheServiceAndTheClusterAlone() {
    Map<String, String> allowed =
        Map.of("org.spike2former.train.run.RunLock", "the machine's name tells whose lock it is");
    noClasses()
        .that(OUTSIDE)
        .and(areNot(allowed.keySet()))
        .should()
        .dependOnClassesThat(anyOf(NETWORK))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(NETWORK_PACKAGES)
        .orShould()
        .callCodeUnitWhere(calls(URL.class, "openConnection", "openStream", "getContent"))
        .check(CLASSES);
  }

  @Test
  void onlyTheExecutableJarStartsAProcess() {
    Map<String, String> allowed =
        Map.of("org.spike2former.dist.SecondJava", "java -jar starts Java with the right options");
    noClasses()
        .that(areNot(allowed.keySet()))
        .should()
        .dependOnClassesThat(anyOf(List.of(ProcessBuilder.class)))
        .orShould()
        .callCodeUnitWhere(calls(Runtime.class, "exec"))
        .check(CLASSES);
  }

  /** Spark itself does in a cluster, between processes of one user. */
  @Test
  void nothingMakesObjectsOfBytes() {
    noClasses()
        .should()
        .dependOnClassesThat(anyOf(List.of(ObjectInputStream.class, XMLDecoder.class)))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> areNot(Set<String> names) {
    return describe(
        "are not among " + names,
        found -> names.stream().noneMatch(name -> found.getName().matches(name + "(\\$.*)?")));
  }

  private static DescribedPredicate<JavaClass> anyOf(List<Class<?>> types) {
    return describe(
        "are " + types,
        found ->
            !found.isEquivalentTo(AsynchronousFileChannel.class)
                && types.stream().anyMatch(found::isAssignableTo));
  }

  private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... methods) {
    return describe(
        "it is of " + owner,
        call ->
            call.getTargetOwner().isEquivalentTo(owner)
                && List.of(methods).contains(call.getName()));
  }

  /** The rules see what they forbid where it is allowed. */
  @Test
  void theRulesSeeTheModules() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName))
        .contains(
            "org.spike2former.tensor.io",
            "org.spike2former.data.image",
            "org.spike2former.model",
            "org.spike2former.train.run",
            "org.spike2former.verify",
            "org.spike2former.serve",
            "org.spike2former.cli");
    assertThat(CLASSES.get("org.spike2former.train.run.RunLock").getDirectDependenciesFromSelf())
        .anyMatch(found -> found.getTargetClass().isEquivalentTo(InetAddress.class));
  }
}
