package org.spike2former.accel.tornado.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import org.spike2former.accel.operation.Buffer;
import org.spike2former.accel.operation.Lanes;
import org.spike2former.accel.operation.Operation;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The kernels as Java: loaded once more, with a {@link Fused} that calls {@code Math.fma} as a
 * device does.
 */
final class JavaKernels extends ClassLoader {
  private static final String PACKAGE = Fused.class.getPackageName() + ".";
  private static final JavaKernels KERNELS = new JavaKernels();

  private JavaKernels() {
    super(Fused.class.getClassLoader());
  }

  /** One of the package's classes. */
  static Class<?> load(String name) throws ClassNotFoundException {
    return KERNELS.loadClass(PACKAGE + name);
  }

  /**
   * Runs an operation.
   *
   * @param arrays TornadoVM's array of each buffer
   * @param lanes how kernels share out channels
   * @return whether it could: kernels with a barrier cannot
   */
  static boolean run(Operation operation, Map<Buffer, Object> arrays, Lanes lanes)
      throws ReflectiveOperationException {
    Class<?> arraysType = load("Arrays");
    Object view =
        Proxy.newProxyInstance(
            KERNELS,
            new Class<?>[] {arraysType},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "lanes" -> lanes;
                  case "sizes" -> IntArray.fromArray((int[]) arguments[0]);
                  default -> arrays.get(arguments[0]);
                });
    Object launch =
        load("KernelTable")
            .getMethod("launch", String.class, Operation.class, arraysType)
            .invoke(null, "java", operation, view);
    TaskPackage task = (TaskPackage) launch.getClass().getMethod("task").invoke(launch);
    Object[] parameters = task.getTaskParameters();
    if (parameters[1] instanceof KernelContext) {
      return false;
    }
    Object kernel = parameters[0];
    Method apply =
        Arrays.stream(kernel.getClass().getInterfaces()[0].getMethods())
            .filter(method -> Modifier.isAbstract(method.getModifiers()))
            .findFirst()
            .orElseThrow();
    apply.invoke(kernel, Arrays.copyOfRange(parameters, 1, parameters.length));
    return true;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      byte[] code = name.equals(Fused.class.getName()) ? fused() : read(name);
      return defineClass(name, code, 0, code.length);
    }
  }

  private byte[] read(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static byte[] fused() {
    MethodTypeDesc type =
        MethodTypeDesc.of(
            ConstantDescs.CD_float,
            ConstantDescs.CD_float,
            ConstantDescs.CD_float,
            ConstantDescs.CD_float);
    return ClassFile.of()
        .build(
            ClassDesc.of(Fused.class.getName()),
            fused ->
                fused.withMethodBody(
                    "multiplyAdd",
                    type,
                    ClassFile.ACC_STATIC,
                    code ->
                        code.fload(0)
                            .fload(1)
                            .fload(2)
                            .invokestatic(ClassDesc.of("java.lang.Math"), "fma", type)
                            .freturn()));
  }
}
