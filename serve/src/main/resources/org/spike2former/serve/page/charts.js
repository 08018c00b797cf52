// Charts as plain SVG.

import { make, percent, svg } from "./dom.js";

/** How many neurons fired k spikes. */
export function histogram(counts) {
  const width = 300;
  const height = 130;
  const all = counts.reduce((a, b) => a + b, 0);
  const most = Math.max(...counts);
  const step = width / counts.length;
  const chart = svg("svg", {
    class: "chart", viewBox: `0 0 ${width} ${height + 38}`, role: "img",
    "aria-label": `Share of the neurons with k spikes: ${counts
      .map((n, k) => `k = ${k}: ${percent(n / all)}`).join(", ")}`,
  });
  counts.forEach((count, k) => {
    const tall = Math.max(count ? 1 : 0, height * count / most);
    const x = k * step + step * .12;
    chart.append(
      svg("rect", { class: "bar", x, y: height + 16 - tall, width: step * .76, height: tall, rx: 3 }),
      svg("text", { x: x + step * .38, y: height + 11 - tall, "text-anchor": "middle", class: "dim" },
        percent(count / all, counts.length > 5 ? 0 : 1)),
      svg("text", { x: x + step * .38, y: height + 33, "text-anchor": "middle" }, `k=${k}`));
  });
  chart.append(svg("line", { class: "axis", x1: 0, x2: width, y1: height + 16, y2: height + 16 }));
  return chart;
}

/** The firing rates of channels; silent ones are marked below the line. */
export function channels(rates, chosen, choose) {
  const width = 300;
  const height = 90;
  const most = Math.max(...rates, 1e-9);
  const step = width / rates.length;
  const silent = rates.filter(rate => rate === 0).length;
  const chart = svg("svg", {
    class: "chart", viewBox: `0 0 ${width} ${height + 30}`, role: "img",
    "aria-label": `Firing rates of ${rates.length} channels, up to ${percent(most)}; ${silent} are silent`,
  });
  chart.append(svg("text", { x: 0, y: 10, class: "dim" }, `up to ${percent(most)}`));
  rates.forEach((rate, c) => {
    const tall = (height - 16) * rate / most;
    const kind = c === chosen ? "chosen" : rate === 0 ? "silent" : "bar";
    chart.append(svg("rect", {
      class: kind, x: c * step, width: Math.max(.4, step * .85),
      y: rate === 0 ? height : height - tall, height: rate === 0 ? 6 : Math.max(.6, tall),
    }));
  });
  chart.append(
    svg("line", { class: "axis", x1: 0, x2: width, y1: height, y2: height }),
    svg("text", { x: 0, y: height + 24, class: "dim" }, "channel 0"),
    svg("text", { x: width, y: height + 24, class: "dim", "text-anchor": "end" }, `${rates.length - 1}`));
  chart.addEventListener("click", event => {
    const box = chart.getBoundingClientRect();
    const c = Math.floor((event.clientX - box.left) / box.width * rates.length);
    choose(Math.min(rates.length - 1, Math.max(0, c)));
  });
  return chart;
}

/** Energy by part, on spikes and on real numbers. */
export function energy(parts) {
  // On a phone names are above their bars.
  const isNarrow = matchMedia("(max-width: 52rem)").matches;
  const width = isNarrow ? 400 : 900;
  const left = isNarrow ? 0 : 210;
  const up = isNarrow ? 20 : 0;
  const row = 58 + up;
  const most = Math.max(...parts.map(p => Math.max(p.energy_mj, p.ann_energy_mj)));
  const scale = (width - left - 90) / most;
  const chart = svg("svg", {
    class: "chart", viewBox: `0 0 ${width} ${row * parts.length + 34}`, role: "img",
    "aria-label": `Energy in millijoules: ${parts.map(p => `${p.name}: ${p.energy_mj.toFixed(3)} on spikes, `
      + `${p.ann_energy_mj.toFixed(3)} as an ANN`).join("; ")}`,
  });
  chart.append(
    svg("rect", { class: "bar", x: left, y: 2, width: 16, height: 16, rx: 3 }),
    svg("text", { x: left + 24, y: 15 }, "on spikes"),
    svg("rect", { class: "ann", x: left + 120, y: 2, width: 16, height: 16, rx: 3 }),
    svg("text", { x: left + 144, y: 15 }, "the same layers on real numbers (ANN)"));
  parts.forEach((part, i) => {
    const y = 34 + i * row + up;
    chart.append(isNarrow ? svg("text", { x: 0, y: y - 6 }, part.name)
      : svg("text", { x: left - 12, y: y + 26, "text-anchor": "end" }, part.name));
    [["bar", part.energy_mj, 0], ["ann", part.ann_energy_mj, 22]].forEach(([kind, value, down]) => {
      chart.append(
        svg("rect", { class: kind, x: left, y: y + down, width: Math.max(1, scale * value), height: 19, rx: 3 }),
        svg("text", { x: left + scale * value + 8, y: y + down + 14 }, `${value.toFixed(3)} mJ`));
    });
  });
  return chart;
}

/** The same as a table, with the stages of parts. */
export function energyTable(parts) {
  const head = ["part", "multiply-adds", "additions by spikes", "on spikes, mJ", "as an ANN, mJ"];
  const body = parts.map(p => make("tr", { class: p.stage ? "stage-row" : "part-row" },
    ...[p.name, p.macs.toLocaleString("en"), Math.round(p.acs).toLocaleString("en"),
      p.energy_mj.toFixed(4), p.ann_energy_mj.toFixed(4)].map(text => make("td", {}, text))));
  return make("table", {},
    make("thead", {}, make("tr", {}, ...head.map(text => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...body));
}
