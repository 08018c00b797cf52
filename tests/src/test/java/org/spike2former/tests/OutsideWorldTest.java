package org.spike2former.tests;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.beans.XMLDecoder;
import java.io.ObjectInputStream;
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
  /** Modules of profiles, where they are built. */
  private static final JavaClasses OTHERS =
      new ClassFileImporter()
          .importPaths(
              Stream.of("dist", "accel/tornado", "cluster")
                  .map(module -> S2f.ROOT.resolve(module).resolve("target/classes"))
                  .filter(Files::isDirectory)
                  .toList());

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

  private static void check(ArchRule rule) {
    rule.check(ModuleRulesTest.CLASSES);
    rule.allowEmptyShould(true).check(OTHERS);
  }

  @Test
  void theNetworkIsForTheServiceAndTheClusterAlone() {
    Map<String, String> allowed =
        Map.of("org.spike2former.train.run.RunLock", "the machine's name tells whose lock it is");
    check(
        noClasses()
            .that(OUTSIDE)
            .and(areNot(allowed.keySet()))
            .should()
            .dependOnClassesThat(anyOf(NETWORK))
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(NETWORK_PACKAGES)
            .orShould()
            .callCodeUnitWhere(calls(URL.class, "openConnection", "openStream", "getContent")));
  }

  @Test
  void onlyTheExecutableJarStartsAProcess() {
    Map<String, String> allowed =
        Map.of("org.spike2former.dist.SecondJava", "java -jar starts Java with the right options");
    check(
        noClasses()
            .that(areNot(allowed.keySet()))
            .should()
            .dependOnClassesThat(anyOf(List.of(ProcessBuilder.class)))
            .orShould()
            .callCodeUnitWhere(calls(Runtime.class, "exec")));
  }

  /** Spark itself does in a cluster, between processes of one user. */
  @Test
  void nothingMakesObjectsOfBytes() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat(anyOf(List.of(ObjectInputStream.class, XMLDecoder.class))));
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

  /** They see what they forbid where it is allowed. */
  @Test
  void theRulesSeeWhatTheyForbid() {
    assertThat(dependencies("org.spike2former.train.run.RunLock"))
        .anyMatch(type -> type.isEquivalentTo(InetAddress.class));
    assertThat(dependencies("org.spike2former.serve.Service"))
        .anyMatch(type -> type.getName().startsWith("org.eclipse.jetty.server."));
  }

  private static Stream<JavaClass> dependencies(String name) {
    return ModuleRulesTest.CLASSES.get(name).getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass);
  }
}
