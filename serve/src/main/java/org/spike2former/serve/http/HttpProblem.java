package org.spike2former.serve.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/** Why a request has no other answer, told as problem details (RFC 9457). */
final class HttpProblem extends Exception {
  static final String TYPE = "application/problem+json";

  private static final long serialVersionUID = 1;

  private final int status;
  private final transient Map<String, String> headers;

  /**
   * A problem.
   *
   * @param detail one line
   * @param headers of the answer
   */
  HttpProblem(int status, String detail, Map<String, String> headers) {
    super(detail);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  HttpProblem(int status, String detail) {
    this(status, detail, Map.of());
  }

  /** It may be worth trying again later. */
  static HttpProblem later(int status, String detail, long seconds) {
    return new HttpProblem(status, detail, Map.of("Retry-After", Long.toString(seconds)));
  }

  Answer answer() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", "about:blank").put("title", HttpStatus.getMessage(status));
    json.put("status", status).put("detail", getMessage());
    return new Answer(status, TYPE, Answer.bytes(json), headers);
  }
}
