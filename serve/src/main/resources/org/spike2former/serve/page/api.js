// Requests to the service. All are cancelled when another photo or model is chosen.

const TRIES = 5;
let controller = new AbortController();

/** Ends what is under way. */
export function cancel() {
  controller.abort();
  controller = new AbortController();
}

export function isCancelled(error) {
  return error.name === "AbortError";
}

export async function models() {
  const response = await fetch("v1/models");
  return (await response.json()).models;
}

/** Posts an image; when the queue is full, comes again when the service says. */
export async function post(path, image, parameters, accept = "application/json") {
  const signal = controller.signal;
  const query = new URLSearchParams(parameters);
  for (let tries = 1; ; tries++) {
    const response = await fetch(`v1/${path}?${query}`, {
      method: "POST", body: image, signal,
      headers: { "Content-Type": "application/octet-stream", Accept: accept },
    });
    if (response.ok) {
      return accept === "application/json" ? response.json() : response.blob();
    }
    if (response.status !== 429 || tries === TRIES) {
      throw new Error((await response.json()).detail);
    }
    const seconds = Number(response.headers.get("Retry-After") ?? 1);
    await new Promise(resolve => setTimeout(resolve, 1000 * seconds));
    signal.throwIfAborted();
  }
}

/** The class or segment of every pixel. */
export function labelsOf(runs) {
  const labels = new Int32Array(runs.height * runs.width);
  let at = 0;
  for (let i = 0; i < runs.runs.length; i += 2) {
    labels.fill(runs.runs[i], at, at + runs.runs[i + 1]);
    at += runs.runs[i + 1];
  }
  return labels;
}

/** Bytes from base64. */
export function bytesOf(text) {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}
