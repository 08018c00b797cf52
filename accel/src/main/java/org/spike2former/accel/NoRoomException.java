package org.spike2former.accel;

/** A device has too little memory for a plan, in addition to those that it holds. */
public final class NoRoomException extends OffloadException {
  private static final long serialVersionUID = 1;

  /** With this message. */
  public NoRoomException(String message) {
    super(message);
  }
}
