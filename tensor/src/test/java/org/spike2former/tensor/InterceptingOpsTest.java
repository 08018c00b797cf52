package org.spike2former.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spike2former.tensor.layer.BatchNorm;
import org.spike2former.tensor.layer.WeightLayer;

/** No operation of {@link Ops} escapes those who listen, a new one neither. */
class InterceptingOpsTest {
  private static final Tensor RESULT = Tensor.of(new float[1], 1);

  /** What reached the wrapped operations. */
  private record Made(String method, List<Object> arguments) {}

  private final List<Made> made = new ArrayList<>();
  private final List<OpCall> calls = new ArrayList<>();
  private final Ops behind =
      (Ops)
          Proxy.newProxyInstance(
              Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, this::behind);

  private Object behind(Object proxy, Method method, Object... arguments) {
    made.add(new Made(method.getName(), arguments == null ? List.of() : Arrays.asList(arguments)));
    if (method.getReturnType() == Precision.class) {
      return Precision.F32;
    }
    return method.getReturnType() == Tensor.class ? RESULT : null;
  }

  private Ops intercepting() {
    return new InterceptingOps(behind, true) {
      @Override
      protected Tensor intercept(OpCall call) {
        calls.add(call);
        return call.on(delegate());
      }
    };
  }

  private static Stream<Method> methods() {
    return Arrays.stream(Ops.class.getMethods()).filter(method -> !method.isSynthetic());
  }

  private static Stream<Method> operations() {
    return methods()
        .filter(method -> method.getReturnType() == Tensor.class)
        .filter(method -> !method.getName().startsWith("observe"));
  }

  /** Arguments of which no two are equal. */
  private static Object[] arguments(Method method) {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(method.getParameterTypes()[i], i + 1);
    }
    return arguments;
  }

  private static Object argument(Class<?> type, int number) {
    if (type == Tensor.class) {
      return tensor(number);
    } else if (type == List.class) {
      return List.of(tensor(number), tensor(number + 1));
    } else if (type == int.class) {
      return number;
    } else if (type == double.class) {
      return number + 0.5;
    } else if (type == boolean.class) {
      return true;
    } else if (type == String.class || type == Object.class) {
      return "argument " + number;
    } else if (type == NetworkPart.class) {
      return NetworkPart.HEAD;
    } else if (type == Parameter.class) {
      return parameter();
    } else if (type == WeightLayer.class) {
      return new WeightLayer(
          "layer", WeightLayer.Kind.DENSE, parameter(), null, List.of(), number, 0);
    }
    assertThat(type).as("kind of argument").isEqualTo(BatchNorm.class);
    return new BatchNorm(parameter(), parameter(), parameter(), parameter());
  }

  private static Parameter parameter() {
    return new Parameter("parameter", true, 1, 1);
  }

  private static Tensor tensor(int extent) {
    return Tensor.zeros(DType.F32, extent);
  }

  private static List<Tensor> tensors(Object... arguments) {
    return Arrays.stream(arguments)
        .flatMap(argument -> argument instanceof List<?> list ? list.stream() : Stream.of(argument))
        .filter(Tensor.class::isInstance)
        .map(Tensor.class::cast)
        .toList();
  }

  @Test
  void namesAreThoseOfTheOperations() {
    assertThat(Arrays.stream(OpName.values()).map(OpName::method))
        .containsExactlyInAnyOrderElementsOf(operations().map(Method::getName).toList());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void anOperationBecomesACallThatCanBeMadeAgain(Method operation) throws Exception {
    Object[] arguments = arguments(operation);

    assertThat(operation.invoke(intercepting(), arguments)).isSameAs(RESULT);

    OpCall call = calls.get(0);
    assertThat(calls).hasSize(1);
    assertThat(call.name().method()).isEqualTo(operation.getName());
    assertThat(call.tensors()).isEqualTo(tensors(arguments));
    assertThat(call.arguments())
        .isEqualTo(
            Arrays.stream(arguments).filter(argument -> tensors(argument).isEmpty()).toList());
    assertThat(made).containsExactly(new Made(operation.getName(), Arrays.asList(arguments)));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aCallCanBeMadeWithOtherTensors(Method operation) throws Exception {
    operation.invoke(intercepting(), arguments(operation));
    OpCall call = calls.get(0);
    List<Tensor> others = call.tensors().stream().map(x -> tensor(x.size() + 10)).toList();

    call.on(behind, others);

    List<Object> arguments = made.get(1).arguments();
    assertThat(made.get(1).method()).isEqualTo(operation.getName());
    assertThat(tensors(arguments.toArray())).isEqualTo(others);
    assertThat(arguments.stream().filter(argument -> tensors(argument).isEmpty()))
        .containsExactlyElementsOf(call.arguments());
    List<Tensor> oneMore = new ArrayList<>(others);
    oneMore.add(RESULT);
    assertThatThrownBy(() -> call.on(behind, oneMore)).hasMessageContaining(operation.getName());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void whatIsNoOperationPassesOn(Method method) throws Exception {
    Object[] arguments = arguments(method);
    method.invoke(intercepting(), arguments);
    assertThat(made).extracting(Made::method).containsExactly(method.getName());
  }

  /** What Ops makes of other operations is heard as those. */
  @Test
  void forwardedOperationsComeInParts() {
    Ops forwarding = new ForwardingOps(behind) {};
    Tensor x = tensor(1).reshape(1, 1);
    WeightLayer layer = (WeightLayer) argument(WeightLayer.class, 1);
    forwarding.layerSpikes(x, layer, "neuron", 4, 1);
    forwarding.addLayer(x, x, layer, "block");
    assertThat(made)
        .extracting(Made::method)
        .filteredOn(method -> !"precision".equals(method))
        .containsExactly("layer", "spikes", "observeSpikes", "layer", "observe", "add");
  }

  @Test
  void whoForwardsMayKeepWhatItHears() {
    new ForwardingOps(behind) {}.beginRun(true, "kind");
    assertThat(made).containsExactly(new Made("beginRun", List.of(false, "kind")));
  }
}
