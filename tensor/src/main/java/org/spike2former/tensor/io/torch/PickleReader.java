package org.spike2former.tensor.io.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spike2former.tensor.io.FileLimit;
import org.spike2former.tensor.io.FormatException;

/**
 * The stack machine of Python's pickle, protocols 0 to 5, that can build nothing but plain data:
 * every global and every call goes to {@link Hooks}, which decide.
 *
 * <p>A value is null, a Boolean, Long, BigInteger, Double, String, {@link Tuple}, {@code List},
 * {@code Map} (in order of insertion), {@link Inert}, or what the hooks return. Hostile pickles
 * meet limits: no more bytes than declared, on operations, on the memory of their values, and
 * dictionary keys whose hash does not look inside containers. A general unpickler has none of them,
 * loses the order of dictionaries, and sets state by reflection; that is why this is not one.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">the operations</a>
 */
public final class PickleReader {
  /** Bytes of a place on the stack or in a list, counting those that were outgrown. */
  private static final int PLACE = 12;

  /** Bytes of a container or a tuple. */
  private static final int OBJECT = 64;

  /** Bytes of an entry of a dictionary. */
  private static final int ENTRY = 96;

  /** Bytes that a call takes, those included that are free when it is done. */
  private static final int CALL = 200;

  /** Decides what globals, calls, states and persistent ids stand for; may refuse them. */
  interface Hooks {
    /** The value of {@code module.name}. */
    Object global(String module, String name) throws FormatException;

    /**
     * The result of calling {@code function}, which may be any value.
     *
     * @param keywords arguments with names; mostly empty
     */
    Object call(Object function, List<Object> arguments, Map<?, ?> keywords) throws FormatException;

    /** Gives an object its attributes. */
    void build(Object object, Object state) throws FormatException;

    /** The value of a persistent id. */
    Object persistent(Object id) throws FormatException;
  }

  /** A tuple; equal to itself alone, so that hashing it cannot recurse. */
  public static final class Tuple {
    private final List<Object> items;

    Tuple(List<Object> items) {
      this.items = items;
    }

    public List<Object> items() {
      return items;
    }
  }

  private final Path file;
  private final PickleInput in;
  private final Hooks hooks;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  /**
   * A reader of one pickle.
   *
   * @param file for messages
   */
  PickleReader(Path file, PickleInput in, Hooks hooks) {
    this.file = file;
    this.in = in;
    this.hooks = hooks;
  }

  /**
   * Runs the pickle to its end.
   *
   * @throws FormatException if it is not a pickle or the hooks refuse something
   */
  Object read() throws IOException {
    long most = FileLimit.PICKLE_OPERATIONS.value();
    for (long operations = 0; operations < most; operations++) {
      int code = in.integer(1);
      if (code == '.') {
        return pop();
      }
      in.count(cost(code));
      execute(code);
    }
    throw bad("has more than " + FileLimit.PICKLE_OPERATIONS.of("operations"));
  }

  /** Bytes that an operation takes, apart from numbers and text that it reads. */
  private static int cost(int code) {
    return switch (code) {
      case ']', '}', 'd', 'l', 't', 0x85, 0x86, 0x87, 0x8f, 0x91, 'C', 'B', 0x8e, 0x96 -> OBJECT;
      case 'p', 'q', 'r', 0x94 -> OBJECT;
      case 'R', 0x81, 0x92, 'i', 'o', 'b', 'P', 'Q' -> CALL;
      default -> PLACE;
    };
  }

  private void execute(int code) throws IOException {
    switch (code) {
      case 0x80 -> protocol();
      case 0x95 -> in.length(8);

      case '(' -> marks.add(stack.size());
      case '0' -> discard();
      case '1' -> popToMark();
      case '2' -> stack.add(peek());

      case 'N' -> stack.add(null);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'I' -> stack.add(in.integerLine());
      case 'L' -> stack.add(in.longLine());
      case 'J' -> stack.add((long) in.integer(4));
      case 'K' -> stack.add((long) in.integer(1));
      case 'M' -> stack.add((long) in.integer(2));
      case 0x8a -> stack.add(in.longInteger(in.integer(1)));
      case 0x8b -> stack.add(in.longInteger(in.length(4)));
      case 'F' -> stack.add(in.fractionLine());
      case 'G' -> stack.add(in.fraction());

      case 'S' -> stack.add(in.quotedLine());
      case 'V' -> stack.add(in.textLine());
      case 'U', 0x8c -> stack.add(in.text(in.integer(1)));
      case 'T', 'X' -> stack.add(in.text(in.length(4)));
      case 0x8d -> stack.add(in.text(in.length(8)));
      case 'C' -> stack.add(in.bytes(in.integer(1)));
      case 'B' -> stack.add(in.bytes(in.length(4)));
      case 0x8e, 0x96 -> stack.add(in.bytes(in.length(8)));

      case ')' -> stack.add(new Tuple(List.of()));
      case 0x85 -> stack.add(new Tuple(popLast(1)));
      case 0x86 -> stack.add(new Tuple(popLast(2)));
      case 0x87 -> stack.add(new Tuple(popLast(3)));
      case 't' -> stack.add(new Tuple(popToMark()));
      case ']' -> stack.add(new ArrayList<>(0));
      case 'l' -> stack.add(new ArrayList<>(popToMark()));
      case 'a' -> append(popLast(1));
      case 'e' -> append(popToMark());
      case '}' -> stack.add(new LinkedHashMap<>(0));
      case 'd' -> dictionary();
      case 's' -> put(popLast(2));
      case 'u' -> put(popToMark());
      case 0x8f -> stack.add(Inert.dropped("set"));
      case 0x90 -> addToSet(popToMark());
      case 0x91 -> frozenSet();

      case 'p' -> remember(memoLine());
      case 'q' -> remember(in.integer(1));
      case 'r' -> remember(in.length(4));
      case 0x94 -> remember(memo.size());
      case 'g' -> stack.add(recall(memoLine()));
      case 'h' -> stack.add(recall(in.integer(1)));
      case 'j' -> stack.add(recall(in.length(4)));

      case 'c' -> stack.add(hooks.global(in.line(), in.line()));
      case 0x93 -> stackGlobal();
      case 'i' -> instance(hooks.global(in.line(), in.line()), popToMark());
      case 'o' -> object();
      case 'R', 0x81 -> reduce(Map.of());
      case 0x92 -> reduceWithKeywords();
      case 'b' -> build();
      case 'P' -> stack.add(hooks.persistent(in.line()));
      case 'Q' -> stack.add(hooks.persistent(pop()));

      default -> throw bad("has operation 0x" + Integer.toHexString(code) + " (not supported)");
    }
  }

  private FormatException bad(String message) {
    return new FormatException(file, "its pickle " + message);
  }

  private void protocol() throws IOException {
    int protocol = in.integer(1);
    if (protocol > 5) {
      throw bad("has protocol " + protocol + ", expected at most 5");
    }
  }

  // The stack: what lies below the last mark is out of reach.

  private int floor() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private List<Object> popLast(int n) throws FormatException {
    if (stack.size() - n < floor()) {
      throw bad("takes more from its stack than there is");
    }
    Object[] last = new Object[n];
    for (int i = n - 1; i >= 0; i--) {
      last[i] = stack.removeLast();
    }
    return Arrays.asList(last);
  }

  private Object pop() throws FormatException {
    Object last = peek();
    stack.removeLast();
    return last;
  }

  private Object peek() throws FormatException {
    if (stack.size() <= floor()) {
      throw bad("takes more from its stack than there is");
    }
    return stack.get(stack.size() - 1);
  }

  private List<Object> popToMark() throws FormatException {
    if (marks.isEmpty()) {
      throw bad("misses a mark");
    }
    List<Object> items = popLast(stack.size() - floor());
    marks.remove(marks.size() - 1);
    return items;
  }

  private void discard() throws FormatException {
    if (!marks.isEmpty() && stack.size() == floor()) {
      popToMark();
    } else {
      pop();
    }
  }

  private <T> T expect(Class<T> type, Object value, String where) throws FormatException {
    if (!type.isInstance(value)) {
      throw bad("has the wrong kind of value " + where);
    }
    return type.cast(value);
  }

  // Containers.

  private void append(List<Object> items) throws FormatException {
    if (peek() instanceof Inert object) {
      object.add(items);
      return;
    }
    @SuppressWarnings("unchecked")
    List<Object> list = expect(List.class, peek(), "where it appends to a list");
    list.addAll(items);
  }

  private void addToSet(List<Object> items) throws FormatException {
    expect(Inert.class, peek(), "where it fills a set").add(items);
  }

  private void dictionary() throws FormatException {
    List<Object> items = popToMark();
    stack.add(new LinkedHashMap<>(0));
    put(items);
  }

  private void put(List<Object> items) throws FormatException {
    Object target = peek();
    if (!(target instanceof Inert)) {
      expect(Map.class, target, "where it fills a dictionary");
    }
    if (items.size() % 2 != 0) {
      throw bad("has a key without a value");
    }
    in.count(ENTRY * (items.size() / 2));
    for (int i = 0; i < items.size(); i += 2) {
      put(target, items.get(i), items.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private void put(Object target, Object key, Object value) throws FormatException {
    // A list or a dictionary as a key would be hashed in depth.
    if (key instanceof List || key instanceof Map) {
      throw bad("has a key that is a container");
    }
    if (target instanceof Inert object) {
      object.put(key, value);
    } else {
      ((Map<Object, Object>) target).put(key, value);
    }
  }

  private void frozenSet() throws FormatException {
    stack.add(Inert.of("frozenset", popToMark()));
  }

  // The memo.

  private long memoLine() throws IOException {
    return expect(Long.class, in.integerLine(), "as an index of its memo");
  }

  private void remember(long index) throws FormatException {
    memo.put(index, peek());
  }

  private Object recall(long index) throws FormatException {
    if (!memo.containsKey(index)) {
      throw bad("recalls value " + index + ", which it never stored");
    }
    return memo.get(index);
  }

  // Globals and calls.

  private void stackGlobal() throws FormatException {
    Object last = pop();
    String module = expect(String.class, pop(), "as the name of a module");
    String name = expect(String.class, last, "as the name of a class");
    stack.add(hooks.global(module, name));
  }

  private void instance(Object type, List<Object> arguments) throws FormatException {
    stack.add(hooks.call(type, arguments, Map.of()));
  }

  private void object() throws FormatException {
    List<Object> items = popToMark();
    if (items.isEmpty()) {
      throw bad("makes an object of no class");
    }
    instance(items.get(0), items.subList(1, items.size()));
  }

  private void reduce(Map<?, ?> keywords) throws FormatException {
    Tuple arguments = expect(Tuple.class, pop(), "as the arguments of a call");
    stack.add(hooks.call(pop(), arguments.items(), keywords));
  }

  private void reduceWithKeywords() throws FormatException {
    reduce(expect(Map.class, pop(), "as the keywords of a call"));
  }

  private void build() throws FormatException {
    Object state = pop();
    hooks.build(peek(), state);
  }
}
