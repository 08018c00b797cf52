// The same photo computed in three ways.

import { labelsOf, post } from "./api.js";
import { $, canvasOf, digest, make, percent, rgbOf } from "./dom.js";

const WAYS = [
  ["As it is", "float32 weights", {}],
  ["8-bit weights", "integer sums in layers on spikes", { weights: "int8" }],
  ["Spikes alone", "binary spikes and additions, float64", { arithmetic: "spikes", precision: "f64" }],
];

/** Computes one after the other and shows each as soon as it is there. */
export async function show(state) {
  $("ways").replaceChildren();
  let first = null;
  for (const [title, how, parameters] of WAYS) {
    state.tell(`Computing: ${title.toLowerCase()}`);
    const result = await post("segment", state.file, { model: state.model.name, labels: true, ...parameters });
    const labels = labelsOf(result.labels);
    first ??= labels;
    draw(state, title, how, result, labels, first);
  }
}

function draw(state, title, how, result, labels, first) {
  const canvas = make("canvas", { role: "img" });
  const context = canvasOf(canvas, result.width, result.height);
  context.drawImage(state.bitmap, 0, 0, result.width, result.height);
  const image = context.getImageData(0, 0, result.width, result.height);
  const colors = state.model.classes.map(entry => rgbOf(entry.color));
  let other = 0;
  labels.forEach((label, i) => {
    const differs = label !== first[i];
    other += differs;
    const color = differs ? [255, 0, 200] : colors[label] ?? [0, 0, 0];
    const part = differs ? 1 : .55;
    for (let c = 0; c < 3; c++) {
      image.data[4 * i + c] = Math.round((1 - part) * image.data[4 * i + c] + part * color[c]);
    }
  });
  context.putImageData(image, 0, 0);
  const difference = labels === first ? "The measure for the others"
    : other === 0 ? "Every pixel as the first"
      : `${other.toLocaleString("en")} pixels differ (${percent(other / labels.length, 2)})`;
  canvas.setAttribute("aria-label", `${title}: ${difference}`);
  $("ways").append(make("article", { class: "way" },
    make("h3", {}, title), make("p", { class: "note" }, how), canvas,
    make("p", { class: "same" }, difference),
    make("p", { class: "note" }, `${result.seconds.toFixed(2)} s · ${result.backend}`),
    make("p", { class: "note" }, "digest ", digest(result.digest))));
}
