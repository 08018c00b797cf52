package org.spike2former.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The service's OpenAPI document. */
final class OpenApi {
  private static final JsonNode DOCUMENT = read();

  private OpenApi() {}

  private static JsonNode read() {
    try (InputStream in = Service.class.getResourceAsStream("page/openapi.json")) {
      return TestService.JSON.readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<String> paths() {
    List<String> paths = new ArrayList<>();
    DOCUMENT.get("paths").fieldNames().forEachRemaining(paths::add);
    return paths;
  }

  /** In what an answer is not as the document says. */
  static Set<?> errors(String path, String status, String type, JsonNode answer) {
    JsonNode methods = DOCUMENT.get("paths").get(path);
    JsonNode schema =
        methods.elements().next().get("responses").get(status).get("content").get(type);
    ObjectNode root = ((ObjectNode) schema.get("schema")).deepCopy();
    root.set("components", DOCUMENT.get("components"));
    return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(root).validate(answer);
  }
}
