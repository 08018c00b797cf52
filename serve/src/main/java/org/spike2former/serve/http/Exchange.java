package org.spike2former.serve.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Fields;

/** A request and the way back. */
final class Exchange {
  private static final int BLOCK = 1 << 16;

  private final Request request;
  private final Response response;
  private boolean ahead;
  private int status;

  Exchange(Request request, Response response) {
    this.request = request;
    this.response = response;
  }

  String method() {
    return request.getMethod();
  }

  String path() {
    return Request.getPathInContext(request);
  }

  /** A header, or null. */
  String header(HttpHeader name) {
    return request.getHeaders().get(name);
  }

  /** The query's parameters. */
  Parameters query() throws HttpProblem {
    Parameters parameters = new Parameters();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        parameters.add(field.getName(), field.getValues());
      }
    } catch (IllegalArgumentException _) {
      throw new HttpProblem(400, "the query is not UTF-8 in per cent signs");
    }
    return parameters;
  }

  /**
   * The first of these types that the client accepts best.
   *
   * @throws HttpProblem if it accepts none
   */
  String accepted(List<String> types) throws HttpProblem {
    QuotedQualityCSV accept = new QuotedQualityCSV(QuotedQualityCSV.MOST_SPECIFIC_MIME_ORDERING);
    request.getHeaders().getValuesList(HttpHeader.ACCEPT).forEach(accept::addValue);
    List<String> wanted = accept.getValues();
    if (wanted.isEmpty()) {
      return types.getFirst();
    }
    for (String want : wanted) {
      String pattern = want.replaceAll(";.*", "").strip();
      for (String type : types) {
        boolean any = pattern.equals("*/*") || pattern.equals(type.replaceAll("/.*", "/*"));
        if (any || pattern.equalsIgnoreCase(type)) {
          return type;
        }
      }
    }
    throw new HttpProblem(406, "there is " + String.join(" or ", types) + ", not " + wanted);
  }

  /**
   * The body. Places are not for those who dawdle, so it has to come in the time of a computation.
   *
   * @throws HttpProblem if it is too long, too slow or not whole
   */
  byte[] body(ImageLimits limits) throws IOException, HttpProblem {
    int limit = limits.maxBody();
    HttpProblem tooLarge =
        new HttpProblem(413, "the body has more than " + limit + " bytes (--max-body)");
    if (request.getLength() > limit) {
      passOver(limits);
      throw tooLarge;
    }
    InputStream in = Content.Source.asInputStream(request);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] block = new byte[BLOCK];
    long start = System.nanoTime();
    for (int read = read(in, block); read >= 0; read = read(in, block)) {
      body.write(block, 0, read);
      if (body.size() > limit) {
        passOver(limits);
        throw tooLarge;
      }
      if (System.nanoTime() - start > limits.time().toNanos()) {
        throw new HttpProblem(
            408,
            "the body did not come in " + limits.time().toMillis() / 1e3 + " s (--time-limit)");
      }
    }
    return body.toByteArray();
  }

  private static int read(InputStream in, byte[] block) throws HttpProblem {
    try {
      return in.read(block);
    } catch (IOException _) {
      throw new HttpProblem(400, "the body did not come whole"); // it ended early, or stalled
    }
  }

  /**
   * Reads what is left of the body, within limits: many clients do not listen before, and would
   * find the connection closed. Those that ask first need not send it.
   */
  void passOver(ImageLimits limits) throws IOException {
    if (header(HttpHeader.EXPECT) != null) {
      return;
    }
    InputStream in = Content.Source.asInputStream(request);
    byte[] block = new byte[BLOCK];
    long start = System.nanoTime();
    for (long left = limits.maxBody(); left > 0; ) {
      int read = in.read(block, 0, (int) Math.min(BLOCK, left));
      if (read < 0 || System.nanoTime() - start > limits.time().toNanos()) {
        return;
      }
      left -= read;
    }
  }

  /**
   * Whether the client has closed its connection, once its request has been read. HTTP/1.1 has no
   * other sign of this than the end of what comes from it; one byte has to be read to see it. If a
   * client sends its next request already, it is too early to tell, and the connection is closed
   * after this answer.
   */
  boolean gone() {
    HttpVersion version = request.getConnectionMetaData().getHttpVersion();
    if (ahead || version.compareTo(HttpVersion.HTTP_2) >= 0) {
      return false;
    }
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    try {
      int read = endPoint.fill(BufferUtil.allocate(1));
      ahead = read > 0;
      return read < 0;
    } catch (IOException _) {
      return true;
    }
  }

  /** The status of the answer; 0 if none has been sent. */
  int status() {
    return status;
  }

  /** Sends the answer; returns when it is on its way. */
  void send(Answer answer) throws IOException {
    status = answer.status();
    response.setStatus(status);
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.content().length);
    if (ahead || status == 503 || status == 408) {
      response.getHeaders().put(new HttpField(HttpHeader.CONNECTION, "close"));
    }
    Content.Sink.write(response, true, ByteBuffer.wrap(answer.content()));
  }
}
