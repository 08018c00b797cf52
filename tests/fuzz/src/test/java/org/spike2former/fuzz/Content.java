package org.spike2former.fuzz;

/** How much a file rightly holds, as far as it has been read; memory may be four times that. */
public final class Content {
  private long bytes;

  public void add(long more) {
    bytes += more;
  }

  long bytes() {
    return bytes;
  }
}
