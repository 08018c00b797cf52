package org.spike2former.data.coco;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Categories of a data set in the order of its classes, which are contiguous from 0. */
public final class CocoCategories {
  /**
   * A category as files have it.
   *
   * @param id by which annotations name it
   * @param name for people
   * @param isthing 1 for things, as is one without this key, 0 for stuff
   */
  public record Category(
      @JsonProperty(required = true) int id,
      String name,
      @JsonProperty("isthing") Integer isthing) {
    /** Fills in what is missing. */
    public Category {
      name = name == null ? Integer.toString(id) : name;
      isthing = isthing == null ? 1 : isthing;
    }

    /** Whether its objects are told apart. */
    public boolean thing() {
      return isthing != 0;
    }
  }

  private final List<Category> categories;
  private final Map<Integer, Integer> classes = new HashMap<>();

  private CocoCategories(List<Category> categories) {
    this.categories = List.copyOf(categories);
    for (int k = 0; k < categories.size(); k++) {
      if (classes.put(categories.get(k).id(), k) != null) {
        throw new IllegalArgumentException("two categories have the id " + categories.get(k).id());
      }
    }
  }

  /**
   * Class k is the k-th of the list.
   *
   * @throws IllegalArgumentException if two have one id
   */
  public static CocoCategories inOrder(List<Category> categories) {
    return new CocoCategories(categories);
  }

  /**
   * The first classes are the things of the list, the others its stuff.
   *
   * @throws IllegalArgumentException if two have one id
   */
  public static CocoCategories thingsFirst(List<Category> categories) {
    List<Category> sorted = new ArrayList<>(categories.stream().filter(Category::thing).toList());
    sorted.addAll(categories.stream().filter(category -> !category.thing()).toList());
    return new CocoCategories(sorted);
  }

  /**
   * Reads a file that is a list of categories, such as panopticapi's {@code
   * panoptic_coco_categories.json}; in its order.
   *
   * @throws IOException "FILE: what is wrong"
   */
  public static CocoCategories read(Path file) throws IOException {
    List<Category> list = CocoJson.read(file, new TypeReference<>() {});
    return ofFile(file, list);
  }

  static CocoCategories ofFile(Path file, List<Category> list) throws IOException {
    try {
      return inOrder(list);
    } catch (IllegalArgumentException e) {
      throw new CocoException(file, "categories: " + e.getMessage(), e);
    }
  }

  /** The categories, class 0 first. */
  public List<Category> list() {
    return categories;
  }

  /** Number of classes K. */
  public int size() {
    return categories.size();
  }

  /** Number of classes that are things. */
  public int things() {
    return (int) categories.stream().filter(Category::thing).count();
  }

  /** For each class whether it is one of things. */
  public boolean[] isThing() {
    boolean[] things = new boolean[categories.size()];
    for (int k = 0; k < things.length; k++) {
      things[k] = categories.get(k).thing();
    }
    return things;
  }

  /** The category of a class. */
  public Category get(int k) {
    return categories.get(k);
  }

  /** The class of a category's id; −1 if there is no such category. */
  public int classOf(int id) {
    return classes.getOrDefault(id, -1);
  }
}
