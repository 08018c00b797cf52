package org.spike2former.serve.http;

/** What is done with requests of one method for one path. */
@FunctionalInterface
interface Endpoint {
  /**
   * Sends the answer.
   *
   * @throws HttpProblem if that is to be the answer
   */
  void handle(Exchange exchange) throws Exception;
}
