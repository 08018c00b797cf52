// Small helpers for elements, colours and numbers.

export const $ = id => document.getElementById(id);

/** An element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in element && name !== "list" && typeof value !== "string") {
      element[name] = value;
    } else {
      element.setAttribute(name, value);
    }
  }
  element.append(...children);
  return element;
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function rgbOf(color) {
  const value = parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const percent = (x, digits = 1) => `${(100 * x).toFixed(digits)} %`;

/** As in 4.56 million. */
export function many(count) {
  const units = [[1e9, "billion"], [1e6, "million"], [1e3, "thousand"]];
  for (const [size, name] of units) {
    if (count >= size) {
      return `${(count / size).toPrecision(3)} ${name}`;
    }
  }
  return String(count);
}

/** The beginning of a digest; all of it for those who ask. */
export const digest = text => make("code", { title: text, "data-digest": text }, `${text.slice(0, 16)}…`);

/** Fits a canvas to a size and gives its context, whose pixels will be read. */
export function canvasOf(canvas, width, height) {
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext("2d", { willReadFrequently: true });
}
