// The network by part, and the spikes of one layer.

import { bytesOf, post } from "./api.js";
import { channels, energy, energyTable, histogram } from "./charts.js";
import { $, canvasOf, make, many, percent } from "./dom.js";

const FRAME_MILLIS = 650;
const GLOW = [255, 184, 28];
const HEAT = ["#2b2f55", "#6d2a6f", "#c43c4e", "#f5841f", "#ffe27a"];

/** The layer that is shown first, an early one: its places are still those of the photo. */
const FIRST = 2;

let state;
let firing;
let film;
let timer;

/** Counts the spikes of all layers and draws the map of them and their energy. */
export async function show(newState) {
  state = newState;
  stop();
  $("layer").hidden = true;
  firing = await post("firing", state.file, { model: state.model.name });
  drawMap();
  drawEnergy();
  await load(firing.layers[Math.min(FIRST, firing.layers.length - 1)].name, null);
}

/** Layers of one block, such as block3.0 or encoder.layers.1, share a row. */
function rowOf(layer) {
  const path = layer.name.slice(layer.name.indexOf(`.${layer.stage}`) + 1);
  return /^(.*?\.\d+)\./.exec(path)?.[1] ?? layer.stage;
}

/** As in "encoder layer 1". */
function labelOf(row) {
  return row.replace(/_spike$/, "").replace(/\.?layers\./, " layer ").replaceAll("_", " ").trim();
}

function drawMap() {
  const most = Math.max(...firing.layers.map(layer => layer.rate));
  const parts = Map.groupBy(firing.layers, layer => layer.part);
  $("map").replaceChildren(...[...parts].map(([part, layers]) => make("section", { class: "part" },
    make("h3", {}, part),
    ...[...Map.groupBy(layers, rowOf)].map(([row, cells]) => make("div", { class: "row" },
      make("span", { title: row }, labelOf(row)),
      make("div", { class: "cells" }, ...cells.map(layer => cell(layer, most))))))));
  $("map").querySelector("button").tabIndex = 0;
  const silent = firing.layers.reduce((sum, layer) => sum + layer.silent_channels, 0);
  const all = firing.layers.reduce((sum, layer) => sum + layer.channels, 0);
  $("inside-lead").textContent = `${firing.layers.length} layers of neurons fired ${many(firing.spikes)} `
    + `spikes for this photo; ${silent.toLocaleString("en")} of ${all.toLocaleString("en")} channels were `
    + "silent. Choose a layer to see where it fires.";
  $("scale-most").textContent = `fires at ${percent(most, 0)} of its steps`;
}

/** Dark for 0, bright for 1; the style sheet's scale has the same colours. */
function heat(x) {
  const at = x * (HEAT.length - 1);
  const i = Math.min(HEAT.length - 2, Math.floor(at));
  return `color-mix(in oklab, ${HEAT[i + 1]} ${100 * (at - i)}%, ${HEAT[i]})`;
}

function cell(layer, most) {
  const dot = make("i");
  dot.style.background = heat(Math.sqrt(layer.rate / most));
  const button = make("button", {
    type: "button", class: "cell", tabIndex: -1, "aria-pressed": "false", "data-layer": layer.name,
    title: `${layer.name}: ${percent(layer.rate)}`,
    "aria-label": `${layer.name}, firing rate ${percent(layer.rate)}`,
  }, dot);
  button.addEventListener("click", () => choose(layer.name));
  return button;
}

function move(event) {
  const cells = [...$("map").querySelectorAll(".cell")];
  const at = cells.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: cells.length - 1 }[event.key]
    ?? { ArrowDown: nextRow(cells, at, 1), ArrowUp: nextRow(cells, at, -1) }[event.key];
  if (at >= 0 && cells[to]) {
    event.preventDefault();
    cells[at].tabIndex = -1;
    cells[to].tabIndex = 0;
    cells[to].focus();
  }
}

/** The first cell of the row before or after. */
function nextRow(cells, at, step) {
  const rows = [...$("map").querySelectorAll(".cells")];
  const row = rows[rows.indexOf(cells[at].parentElement) + step];
  return row ? cells.indexOf(row.firstElementChild) : -1;
}

/** Shows a layer, or one channel of it. */
function choose(name, channel = null) {
  return state.busy(`Running the network to see ${name}`, () => load(name, channel));
}

async function load(name, channel) {
  for (const button of $("map").querySelectorAll(".cell")) {
    const chosen = button.dataset.layer === name;
    button.setAttribute("aria-pressed", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  const wanted = { model: state.model.name, layer: name };
  if (channel !== null) {
    wanted.channel = channel;
  }
  const layer = await post("spikes", state.file, wanted);
  film = { ...layer, pixels: bytesOf(layer.frames), channel };
  showLayer(layer, channel);
}

function showLayer(layer, channel) {
  $("layer").hidden = false;
  $("layer-name").textContent = layer.name;
  $("layer-facts").textContent = `firing rate ${percent(layer.rate, 2)}: of ${layer.max_spikes} spikes that a `
    + `neuron may fire, it fires ${layer.mean_k.toFixed(3)} on average · ${layer.channels} channels, `
    + `${layer.silent_channels} silent, ${layer.saturated_channels} always firing`;
  $("histogram").replaceChildren(histogram(layer.histogram));
  $("channels").replaceChildren(channels(layer.channel_rates, channel, c => choose(layer.name, c)));
  $("channel").max = layer.channels - 1;
  $("channel").value = channel ?? "";
  $("step").max = layer.time_steps * layer.max_spikes - 1;
  film.brightest = film.pixels.reduce((a, b) => Math.max(a, b), 1);
  const what = layer.of === "queries" ? "Rows are queries, columns channels; bright ones fire."
    : channel !== null ? `Where channel ${channel} fires.`
      : `Brightest: ${percent(film.brightest / 255, 0)} of the channels fire there.`;
  $("film-legend").textContent = what;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    stop();
    frame(0);
  } else {
    play();
  }
}

function frame(step) {
  $("step").value = step;
  const time = Math.floor(step / film.max_spikes);
  const virtual = step % film.max_spikes;
  $("step-name").textContent = `${film.time_steps > 1 ? `t = ${time + 1}, ` : ""}step ${virtual + 1} of `
    + `${film.max_spikes}: k ≥ ${virtual + 1}`;
  const size = film.height * film.width;
  const small = new OffscreenCanvas(film.width, film.height);
  const context = small.getContext("2d");
  const image = context.createImageData(film.width, film.height);
  for (let i = 0; i < size; i++) {
    const share = film.pixels[step * size + i] / film.brightest;
    image.data.set([...GLOW, Math.round(255 * share ** 0.7)], 4 * i);
  }
  context.putImageData(image, 0, 0);
  if (film.of === "queries") {
    const big = canvasOf($("film"), film.width * 8, film.height * 8);
    big.imageSmoothingEnabled = false;
    big.drawImage(small, 0, 0, film.width * 8, film.height * 8);
    return;
  }
  const width = Math.max(720, state.bitmap.width);
  const height = Math.round(width * state.bitmap.height / state.bitmap.width);
  const big = canvasOf($("film"), width, height);
  big.filter = "grayscale(1) brightness(0.32)";
  big.drawImage(state.bitmap, 0, 0, width, height);
  big.filter = "none";
  big.imageSmoothingEnabled = false;
  big.drawImage(small, 0, 0, film.width * film.photo.width, film.height * film.photo.height,
    0, 0, width, height);
}

function play() {
  stop();
  $("play").textContent = "Pause";
  let step = 0;
  frame(step);
  timer = setInterval(() => {
    step = (Number($("step").value) + 1) % (Number($("step").max) + 1);
    frame(step);
  }, FRAME_MILLIS);
}

function stop() {
  clearInterval(timer);
  timer = null;
  $("play").textContent = "Play";
}

function drawEnergy() {
  const { inference, parts, costs } = firing.cost;
  const times = inference.ann_energy_mj / inference.energy_mj;
  $("energy-lead").replaceChildren("This photo costs ",
    make("strong", {}, `${inference.energy_mj.toFixed(2)} mJ`), " on spikes and ",
    `${inference.ann_energy_mj.toFixed(2)} mJ as an ANN of the same layers: `,
    make("strong", {}, `${times.toFixed(1)} times less`), ".");
  $("energy-chart").replaceChildren(energy(parts.filter(part => !part.stage)));
  $("energy-table").replaceChildren(energyTable(parts));
  $("energy-note").textContent = `By the paper's model: a multiply-add of real numbers takes ${costs.mac_pj} pJ, `
    + `an addition for a spike ${costs.ac_pj} pJ (${costs.name}). Counted are the spikes of this photo, not `
    + "memory traffic; it is arithmetic on paper, not a measurement of a chip.";
}

/** Once, when the page is there. */
export function listen() {
  $("map").addEventListener("keydown", move);
  $("play").addEventListener("click", () => timer ? stop() : play());
  $("step").addEventListener("input", () => {
    stop();
    frame(Number($("step").value));
  });
  $("channel").addEventListener("change", () => {
    const wanted = $("channel").value === "" ? null
      : Math.min(film.channels - 1, Math.max(0, Math.round(Number($("channel").value))));
    choose(film.name, wanted);
  });
  $("all-channels").addEventListener("click", () => choose(film.name));
}
