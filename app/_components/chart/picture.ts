import { palette } from "./palette.ts";

const EDGE = 16;
const TITLE = 40;

/** One word where the page shows it, from the corner of `around`. */
interface Word {
  text: string;
  x: number;
  /** Middle of the line. */
  y: number;
  font: string;
  colour: string;
}

function wordsOf(label: Element, around: DOMRect): Word[] {
  const words: Word[] = [];
  const texts = document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const holder = node.parentElement;
    if (!holder || holder.closest("button,.sr-only")) continue;
    const style = getComputedStyle(holder);
    const font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    for (const { 0: text, index } of (node.textContent ?? "").matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + text.length);
      const box = range.getBoundingClientRect();
      const y = box.top + box.height / 2 - around.top;
      if (box.width > 0) words.push({ text, x: box.left - around.left, y, font, colour: style.color });
    }
  }
  return words;
}

/**
 * The lanes within `charts` as they are drawn now, with what stands beside them and a title, as a PNG in the pixels
 * of the screen. `undefined` where the browser cannot.
 */
export function pictureOf(charts: HTMLElement, title: string): Promise<Blob | null> {
  const around = charts.getBoundingClientRect();
  const ratio = window.devicePixelRatio;
  const colours = palette();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(around.width * ratio);
  canvas.height = Math.round((around.height + TITLE) * ratio);
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.scale(ratio, ratio);
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, around.width, around.height + TITLE);
  context.textBaseline = "middle";
  context.fillStyle = colours.text;
  context.font = `600 ${colours.rem}px ${colours.fontFamily}`;
  context.fillText(title, EDGE, TITLE / 2);
  context.translate(0, TITLE);
  for (const lane of charts.querySelectorAll(".lane")) {
    const box = lane.getBoundingClientRect();
    context.save();
    // The times stick to the foot of the screen; in the picture they stand under the last lane.
    if (lane.classList.contains("lane-axis")) context.translate(0, around.bottom - box.bottom);
    const foot = Math.round(box.bottom - around.top) - 0.5;
    context.strokeStyle = colours.line;
    context.beginPath();
    context.moveTo(0, foot);
    context.lineTo(around.width, foot);
    context.stroke();
    for (const drawing of lane.querySelectorAll("canvas")) {
      const place = drawing.getBoundingClientRect();
      if (drawing.width > 0 && drawing.height > 0)
        context.drawImage(
          drawing,
          place.left - around.left,
          place.top - around.top,
          place.width,
          place.height,
        );
    }
    for (const label of lane.querySelectorAll(".lane-label"))
      for (const { text, x, y, font, colour } of wordsOf(label, around)) {
        context.font = font;
        context.fillStyle = colour;
        context.fillText(text, x, y);
      }
    context.restore();
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
