package org.spike2former.serve.http;

import org.spike2former.serve.compute.Turnstile;

/** What is to be computed of an image. */
@FunctionalInterface
interface ImageTask {
  /**
   * What the request asks for.
   *
   * @throws HttpProblem if it asks for what there is not
   */
  Turnstile.Work<Answer> work(ImageRequest request, Exchange exchange) throws HttpProblem;
}
