package org.spike2former.dist;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the command from {@code java -jar s2f.jar}. A jar's manifest can open packages, but not add
 * a module such as the Vector API; so a second Java that has it takes this one's place, unless it
 * was given to this one. Where there can be none, the command runs here, with scalar kernels.
 *
 * <p>An older Java can run this class, so as to say that it is too old.
 */
public final class ExecutableJar {
  private static final int WANTED = 25;
  private static final int BAD_INPUT = 2;
  private static final String MODULE = "jdk.incubator.vector";
  private static final String COMMAND = "org.spike2former.cli.Main";
  private static final String HOME = "s2f.home";

  /** As in the launcher s2f: the compiler always looks into the method for slices. */
  private static final List<String> SLICES =
      List.of(
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=inline,jdk.internal.foreign.AbstractMemorySegmentImpl::asSlice*");

  private ExecutableJar() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] args) throws ReflectiveOperationException {
    int feature = Runtime.version().feature();
    if (feature < WANTED) {
      fail("this is Java " + feature + " (" + System.getProperty("java.home") + "); it needs 25");
    }
    Path jar = jar();
    if (System.getProperty(HOME) == null) {
      try {
        System.setProperty(HOME, JarHome.of(jar).toString());
      } catch (IOException e) {
        fail("the models in " + jar + " can't be unpacked: " + e);
      }
    }
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()
        && ModuleFinder.ofSystem().find(MODULE).isPresent()) {
      try {
        System.exit(SecondJava.run(command(jar, args)));
      } catch (IOException e) {
        say("no second Java can be started, so the scalar kernels compute: " + e.getMessage());
      }
    }
    runHere(args);
  }

  private static Path jar() {
    try {
      return Path.of(
          ExecutableJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e); // it comes from a class loader
    }
  }

  /** The second Java gets what this one was given, and what the launcher of a package adds. */
  private static List<String> command(Path jar, String[] args) {
    List<String> given = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The JVM takes one choice of a collector.
    if (given.stream().noneMatch(option -> option.matches("-XX:\\+Use.*GC"))) {
      command.add("-XX:+UseSerialGC");
    }
    command.add("-Djava.awt.headless=true");
    command.addAll(SLICES);
    command.addAll(given);
    command.addAll(List.of("--add-modules", MODULE));
    command.add("-D" + HOME + "=" + System.getProperty(HOME));
    if (Terminal.isStandardError()) {
      command.add("-Ds2f.terminal=true");
    }
    command.addAll(List.of("-cp", jar.toString(), COMMAND));
    command.addAll(List.of(args));
    return command;
  }

  /** By name: this class can be loaded by a Java that can't load the command. */
  private static void runHere(String[] args) throws ReflectiveOperationException {
    try {
      Class.forName(COMMAND).getMethod("main", String[].class).invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void say(String message) {
    System.err.println("s2f: " + message);
  }

  private static void fail(String message) {
    say(message);
    System.exit(BAD_INPUT);
  }
}
