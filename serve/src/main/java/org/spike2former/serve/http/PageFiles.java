package org.spike2former.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/** The page's files, among the service's own resources. */
final class PageFiles implements Endpoint {
  private static final Pattern NAME = Pattern.compile("(/[a-z0-9][a-z0-9-]*)+\\.[a-z0-9]+");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "svg", "image/svg+xml",
          "json", Answer.JSON,
          "jpg", "image/jpeg");

  /** Whether there may be a file for this path. */
  static boolean isName(String path) {
    return path.equals("/") || NAME.matcher(path).matches();
  }

  @Override
  public void handle(Exchange exchange) throws IOException, HttpProblem {
    String path = exchange.path().equals("/") ? "/index.html" : exchange.path();
    String type = TYPES.get(path.replaceFirst(".*\\.", ""));
    try (InputStream in =
        PageFiles.class.getResourceAsStream("/org/spike2former/serve/page" + path)) {
      if (in == null || type == null) {
        throw new HttpProblem(404, "there is nothing at " + path);
      }
      exchange.send(new Answer(200, type, in.readAllBytes(), Map.of("Cache-Control", "no-cache")));
    }
  }
}
