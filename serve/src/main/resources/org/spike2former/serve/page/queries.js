// What each query of the network found.

import { bytesOf, post } from "./api.js";
import { $, canvasOf, make, percent, rgbOf } from "./dom.js";

const NONE = [170, 180, 205];

/** Shows the masks, those of objects first. */
export async function show(state) {
  const result = await post("queries", state.file, { model: state.model.name });
  const isNone = query => query.index === null;
  const sorted = result.queries.toSorted((a, b) => isNone(a) - isNone(b)
    || b.probability - a.probability);
  const objects = sorted.filter(query => !isNone(query)).length;
  $("queries-lead").textContent = `The network asks ${sorted.length} questions of every photo; each answers with a `
    + `class and a mask. Here ${objects} found something; the segmentation is their sum, weighted by their classes.`;
  $("queries").replaceChildren(...await Promise.all(sorted.map(query => card(state, query))));
}

async function card(state, query) {
  const color = query.index === null ? NONE : rgbOf(state.model.classes[query.index].color);
  const mask = await createImageBitmap(new Blob([bytesOf(query.mask)], { type: "image/png" }));
  const what = `Query ${query.query}: ${query.name}, ${percent(query.probability, 0)}`;
  const canvas = make("canvas", { role: "img",
    "aria-label": `${what}; its mask covers ${percent(query.share)} of the photo` });
  const { width, height } = mask;
  const context = canvasOf(canvas, width, height);
  context.drawImage(mask, 0, 0);
  const shares = context.getImageData(0, 0, width, height).data;
  context.drawImage(state.bitmap, 0, 0, width, height);
  const image = context.getImageData(0, 0, width, height);
  for (let i = 0; i < image.data.length; i += 4) {
    const inside = shares[i] / 255;
    const grey = .3 * (.3 * image.data[i] + .6 * image.data[i + 1] + .1 * image.data[i + 2]);
    for (let c = 0; c < 3; c++) {
      image.data[i + c] = (1 - inside) * grey + inside * (.55 * image.data[i + c] + .45 * color[c]);
    }
  }
  context.putImageData(image, 0, 0);
  const swatch = make("span", { class: "swatch" });
  swatch.style.background = `rgb(${color})`;
  return make("article", { class: query.index === null ? "query none" : "query" }, canvas,
    make("strong", {}, swatch, `${query.name} ${percent(query.probability, 0)}`),
    make("span", { class: "note" }, `query ${query.query} · ${percent(query.share)} of the photo`));
}
