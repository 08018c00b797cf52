// The photo under the colours of what was found in it.

import { labelsOf, post } from "./api.js";
import { $, canvasOf, digest, make, percent, many, rgbOf } from "./dom.js";

let photo;
let found;
let cursor;

/** Things of one class get lighter shades, so that they can be told apart. */
function shade(color, number) {
  const part = number === 0 ? 0 : [0, .35, .6, .2, .5][(number - 1) % 5];
  return color.map(c => Math.round(c + part * (255 - c)));
}

function regionsOf(result, model) {
  if (result.task === "semantic") {
    return result.classes.map(c => ({
      id: c.index, name: c.name, share: c.share, color: rgbOf(model.classes[c.index].color),
    }));
  }
  const counts = new Map();
  const pixels = result.width * result.height;
  return result.segments.map(s => {
    const number = s.isthing ? (counts.get(s.category_id) ?? 0) + 1 : 0;
    counts.set(s.category_id, number);
    const color = shade(rgbOf(model.classes[s.category_id].color), number);
    return { id: s.id, name: number ? `${s.name} ${number}` : s.name, share: s.area / pixels, color };
  }).sort((a, b) => b.share - a.share);
}

/** Segments a photo and shows it. */
export async function show(state) {
  const result = await post("segment", state.file,
    { model: state.model.name, task: $("task").value, labels: true });
  photo = state.bitmap;
  cursor = null;
  const regions = regionsOf(result, state.model);
  found = {
    labels: labelsOf(result.labels), width: result.width, height: result.height,
    regions: new Map(regions.map(r => [r.id, { ...r, on: true }])),
  };
  canvasOf($("photo"), found.width, found.height).drawImage(photo, 0, 0, found.width, found.height);
  list(regions);
  paint();
  $("under").textContent = "";
  const spikes = result.spikes === undefined ? "" : ` · ${many(result.spikes)} spikes`;
  $("facts").replaceChildren(`${result.width} × ${result.height} pixels · ${result.seconds.toFixed(2)} s`
    + `${spikes} · ${result.backend} · digest `, digest(result.digest));
  return result;
}

function list(regions) {
  const rows = regions.map(region => {
    const box = make("input", { type: "checkbox", checked: true });
    const swatch = make("span", { class: "swatch" });
    swatch.style.background = `rgb(${region.color})`;
    const row = make("label", { class: "class", "data-id": String(region.id) }, box, swatch,
      make("span", {}, region.name), make("span", { class: "share" }, percent(region.share)));
    box.addEventListener("change", () => {
      found.regions.get(region.id).on = box.checked;
      paint();
    });
    row.addEventListener("pointerenter", () => light(region.id));
    row.addEventListener("pointerleave", () => light(null));
    return row;
  });
  $("classes").replaceChildren(make("legend", {}, `Found: ${regions.length}`), ...rows);
}

/** Draws the colours; the region that is lit keeps them, others fade. */
function paint(lit = null) {
  const context = canvasOf($("colors"), found.width, found.height);
  const image = context.createImageData(found.width, found.height);
  const full = Math.round(2.55 * $("opacity").value);
  const colors = new Map();
  for (const [id, region] of found.regions) {
    const alpha = !region.on ? 0 : lit === null ? full : id === lit ? Math.max(full, 200) : full / 4;
    colors.set(id, [...region.color, alpha]);
  }
  let last = null;
  let color = [0, 0, 0, 0];
  found.labels.forEach((label, i) => {
    if (label !== last) {
      last = label;
      color = colors.get(label) ?? [0, 0, 0, 0];
    }
    image.data.set(color, 4 * i);
  });
  context.putImageData(image, 0, 0);
  if (cursor) {
    const size = Math.max(4, found.width / 60);
    context.lineWidth = Math.max(1, found.width / 300);
    for (const [style, offset] of [["#000", context.lineWidth], ["#fff", 0]]) {
      context.strokeStyle = style;
      context.beginPath();
      context.arc(cursor.x + offset, cursor.y + offset, size, 0, 7);
      context.stroke();
    }
  }
}

function light(id) {
  for (const row of $("classes").querySelectorAll(".class")) {
    row.classList.toggle("lit", row.dataset.id === String(id));
  }
  paint(id);
}

function nameAt(x, y) {
  const region = found.regions.get(found.labels[y * found.width + x]);
  $("under").textContent = region ? region.name : "nothing";
}

/** A canvas keeps its proportions inside its element. */
function placeOf(event) {
  const box = $("colors").getBoundingClientRect();
  const scale = Math.min(box.width / found.width, box.height / found.height);
  const x = (event.clientX - box.left - (box.width - scale * found.width) / 2) / scale;
  const y = (event.clientY - box.top - (box.height - scale * found.height) / 2) / scale;
  return x >= 0 && y >= 0 && x < found.width && y < found.height
    ? { x: Math.floor(x), y: Math.floor(y) } : null;
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Once, when the page is there. */
export function listen() {
  $("opacity").addEventListener("input", () => found && paint());
  $("colors").addEventListener("pointermove", event => {
    const place = found && placeOf(event);
    if (place) {
      nameAt(place.x, place.y);
    }
  });
  $("colors").addEventListener("pointerleave", () => { $("under").textContent = ""; });
  $("colors").addEventListener("keydown", event => {
    const step = STEPS[event.key];
    if (!step || !found) {
      return;
    }
    event.preventDefault();
    const pace = Math.max(1, Math.round(found.width / (event.shiftKey ? 200 : 40)));
    cursor ??= { x: found.width >> 1, y: found.height >> 1 };
    cursor.x = Math.min(found.width - 1, Math.max(0, cursor.x + pace * step[0]));
    cursor.y = Math.min(found.height - 1, Math.max(0, cursor.y + pace * step[1]));
    nameAt(cursor.x, cursor.y);
    paint();
  });
  $("colors").addEventListener("blur", () => {
    cursor = null;
    if (found) {
      paint();
    }
  });
}
