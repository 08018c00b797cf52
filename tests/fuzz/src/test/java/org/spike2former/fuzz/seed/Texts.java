package org.spike2former.fuzz.seed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Small texts of the kinds that the repository has no file of. */
public final class Texts {
  private Texts() {}

  /** In which ' stands for ". */
  private static List<byte[]> texts(String... texts) {
    return Stream.of(texts)
        .map(text -> text.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  public static List<byte[]> cocoCategories() {
    return texts(
        """
        [{'id': 10, 'name': 'sky', 'isthing': 0, 'color': [1, 2, 3]},
         {'id': 3, 'name': 'car', 'supercategory': 'vehicle', 'isthing': 1}]
        """);
  }

  public static List<byte[]> cocoInstances() {
    return texts(
        """
        {'images': [{'id': 5, 'file_name': '5.jpg', 'height': 6, 'width': 8}],
         'annotations': [
           {'id': 1, 'image_id': 5, 'category_id': 3, 'iscrowd': 0, 'area': 4, 'bbox': [1, 1, 3, 2],
            'segmentation': [[1, 1, 4, 1, 4, 3, 1, 3]]},
           {'id': 2, 'image_id': 5, 'category_id': 3, 'iscrowd': 1, 'area': 8, 'bbox': [0, 0, 8, 6],
            'segmentation': {'size': [6, 8], 'counts': [10, 8, 30]}},
           {'id': 3, 'image_id': 5, 'category_id': 10, 'iscrowd': 0, 'area': 4, 'bbox': [0, 0, 2, 2],
            'segmentation': {'size': [6, 8], 'counts': ':8n0'}}],
         'categories': [{'id': 10, 'name': 'dog'}, {'id': 3, 'name': 'car'}]}
        """);
  }

  public static List<byte[]> cocoResults() {
    return texts(
        """
        [{'image_id': 5, 'category_id': 3, 'score': 0.5,
          'segmentation': {'size': [6, 8], 'counts': ':8n0'}},
         {'image_id': 5, 'category_id': 10, 'score': 0.25,
          'segmentation': {'size': [6, 8], 'counts': [10, 8, 30]}}]
        """);
  }

  public static List<byte[]> colorTables() {
    return texts("name,r,g,b\nsky,1,2,3\ncar,4,5,6\n'car',7,8,9\n,0,0,0\n");
  }

  public static List<byte[]> nameLists() {
    return texts("a\n", "\uFEFFa\r\n\r\n a \t\r\n");
  }

  public static List<byte[]> shardIndexes() {
    return texts(
        """
        {'metadata': {'total_size': 24},
         'weight_map': {'0.bias': 'mmengine.safetensors', '0.weight': 'mmengine.safetensors',
           '1.bias': 'mmengine.safetensors', '1.num_batches_tracked': 'mmengine.safetensors',
           '1.running_mean': 'mmengine.safetensors', '1.running_var': 'mmengine.safetensors',
           '1.weight': 'mmengine.safetensors'}}
        """);
  }

  public static List<byte[]> logs() {
    return texts(
        """
        {'step':1,'loss':2.5,'loss_cls':1.0,'lr':1.0E-4,'seconds':0.5,'images_per_second':4.0}
        {'step':2,'loss':2.25,'seconds':0.5,'images_per_second':4.0}
        {'step':2,'miou':0.125,'seconds':1.5}
        """);
  }

  public static List<byte[]> trainings() {
    return texts(
        """
        data: camvid-panoptic
        model: camvid-small
        train: {iterations: 3, batch: 2, workers: 1, seed: 4}
        optimizer: {lr: 0.001, weight_decay: 0.05}
        output: runs/a
        """);
  }

  public static List<byte[]> clusters() {
    return texts("cluster:\n  master: local[2]\n  conf: {spark.executor.memory: 1g}\n");
  }

  public static List<byte[]> tolerances() {
    return texts("{'f64': 1e-9, 'f32': 1e-3, 'near_tie': 1e-6}");
  }

  /** A word per line. */
  public static List<byte[]> commands() {
    return Stream.of(
            "info camvid",
            "info w.pth --weights-key ema",
            "config camvid-small --set train.seed=1",
            "segment a.png -m camvid --threads 2 --batch 4",
            "eval -m camvid --data camvid --split val",
            "data check camvid",
            "runs a b --csv",
            "diff a b --tolerances strict",
            "parity a --precision f32",
            "completion bash",
            "data convert --help")
        .map(line -> line.replace(' ', '\n').getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /** Whole requests of HTTP, with images that are none, so that nothing is computed. */
  public static List<byte[]> requests() {
    String form =
        """
        --b
        Content-Disposition: form-data; name="image"; filename="a.gif"
        Content-Type: image/gif

        GIF89a
        --b
        Content-Disposition: form-data; name="format"

        labels
        --b--
        """;
    return Stream.of(
            request("GET /v1/models", "", ""),
            request("GET /metrics", "Accept: text/plain;q=0.5, */*\n", ""),
            request("POST /v1/segment?format=json&model=camvid", "Content-Type: image/png\n", "x"),
            request("POST /v1/queries?k=3", "Content-Type: image/jpeg\n", "\u00ff\u00d8"),
            request("POST /v1/segment", "Content-Type: multipart/form-data; boundary=b\n", form))
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  private static String request(String line, String headers, String body) {
    String content = body.replace("\n", "\r\n");
    String head = line + " HTTP/1.1\nHost: a\nConnection: close\n" + headers;
    return (head + "Content-Length: " + content.length() + "\n\n").replace("\n", "\r\n") + content;
  }
}
