// The page as a whole: photo, model, tabs. What a tab shows is computed when it is opened.

import { cancel, isCancelled, models, post } from "./api.js";
import * as compare from "./compare.js";
import { $, make } from "./dom.js";
import * as inside from "./inside.js";
import * as queries from "./queries.js";
import * as segment from "./segment.js";

const SAMPLES = ["street", "shops", "dusk"];
const TASKS = { semantic: "classes", panoptic: "things one by one" };
const TABS = ["segment", "queries", "inside", "energy", "compare"];

const state = { file: null, bitmap: null, model: null, done: new Set(), tell, busy };
let all = [];

function tell(text, isBusy = true) {
  $("status").textContent = text;
  $("status").classList.toggle("busy", isBusy);
}

/** Does something that takes a while; what goes wrong is shown. */
async function busy(text, work) {
  $("error").hidden = true;
  tell(text);
  try {
    await work();
    tell("", false);
    return true;
  } catch (error) {
    if (!isCancelled(error)) {
      tell("", false);
      $("error").textContent = error.message;
      $("error").hidden = false;
    }
    return false;
  }
}

const VIEWS = {
  segment: ["segment", "Segmenting", segment.show],
  queries: ["queries", "Asking the queries", queries.show],
  inside: ["inside", "Counting spikes", inside.show],
  energy: ["inside", "Counting spikes", inside.show],
  compare: ["compare", "Computing", compare.show],
};

async function open(tab) {
  for (const name of TABS) {
    $(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
    $(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
    $(`panel-${name}`).hidden = name !== tab;
  }
  const [view, text, show] = VIEWS[tab];
  if (state.file && !state.done.has(view)) {
    const done = state.done;
    done.add(view);
    if (!await busy(text, () => show(state))) {
      done.delete(view);
    }
  }
}

/** Those that the model has something for. */
function tabs() {
  return TABS.filter(name => !$(`tab-${name}`).hidden);
}

function refresh() {
  cancel();
  state.done = new Set();
  const selected = name => $(`tab-${name}`).getAttribute("aria-selected") === "true";
  return open(tabs().find(selected) ?? TABS[0]);
}

/** Formats that the browser can't show are drawn by the service. */
async function bitmapOf(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    const drawn = await post("segment", file, { opacity: 0, legend: false }, "image/png");
    return createImageBitmap(drawn);
  }
}

async function take(file, sample = null) {
  cancel();
  for (const button of $("samples").children) {
    button.setAttribute("aria-pressed", String(button.dataset.name === sample));
  }
  let bitmap;
  if (await busy("Reading the photo", async () => { bitmap = await bitmapOf(file); })) {
    Object.assign(state, { file, bitmap });
    await refresh();
  }
}

async function takeSample(name) {
  const response = await fetch(`samples/${name}.jpg`);
  await take(await response.blob(), name);
}

function chooseModel() {
  state.model = all.find(model => model.name === $("model").value);
  const tasks = state.model.tasks.filter(task => task in TASKS);
  $("task").replaceChildren(...tasks.map(task => make("option", { value: task }, TASKS[task])));
  $("task-choice").hidden = tasks.length < 2;
  $("tab-queries").hidden = state.model.queries === 0;
}

function listenToTabs() {
  TABS.forEach(name => {
    $(`tab-${name}`).addEventListener("click", () => open(name));
    $(`tab-${name}`).addEventListener("keydown", event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        const shown = tabs();
        const next = shown[(shown.indexOf(name) + step + shown.length) % shown.length];
        $(`tab-${next}`).focus();
        open(next);
      }
    });
  });
}

function listenToPhotos() {
  $("file").addEventListener("change", () => $("file").files[0] && take($("file").files[0]));
  addEventListener("dragover", event => {
    event.preventDefault();
    $("drop").classList.add("over");
  });
  addEventListener("dragleave", () => $("drop").classList.remove("over"));
  addEventListener("drop", event => {
    event.preventDefault();
    $("drop").classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (file) {
      take(file);
    }
  });
  addEventListener("paste", event => {
    const file = event.clipboardData.files[0];
    if (file) {
      take(file);
    }
  });
  $("samples").replaceChildren(...SAMPLES.map(name => {
    const button = make("button", { type: "button", "data-name": name, "aria-pressed": "false" },
      make("img", { src: `samples/${name}.jpg`, alt: `Sample: ${name}`, width: 240, height: 135 }));
    button.addEventListener("click", () => takeSample(name));
    return button;
  }));
}

function listenToTheme() {
  const root = document.documentElement;
  const isDark = () => root.dataset.theme
    ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const show = () => {
    $("theme").textContent = isDark() ? "Light" : "Dark";
    $("theme").setAttribute("aria-pressed", String(isDark()));
    $("theme").setAttribute("aria-label", "Dark colours");
  };
  $("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  show();
}

async function start() {
  listenToTheme();
  listenToTabs();
  listenToPhotos();
  segment.listen();
  inside.listen();
  $("model").addEventListener("change", () => {
    chooseModel();
    refresh();
  });
  $("task").addEventListener("change", refresh);
  all = await models();
  $("model").replaceChildren(...all.map(model => make("option", { value: model.name }, model.name)));
  chooseModel();
  await takeSample(SAMPLES[0]);
}

start();
