import type { ReactElement } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";

const WIDTH = 960;
const SHARPNESS = 2;
const MARGIN = 24;
const HEAD = 44;
/** What of the page's styles a picture needs; it stands alone, so each element carries its own. */
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor", "dominant-baseline"] as const;

/** Draws a chart apart from the page and hands it over as a file; `draw` is given the width. */
export async function savePicture(title: string, draw: (width: number) => ReactElement): Promise<void> {
  const svg = drawn(title, draw);
  const { width, height } = svg.viewBox.baseVal;
  const image = new Image();
  // A data address and no object's: the canvas stays readable in every browser.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SHARPNESS;
  canvas.height = height * SHARPNESS;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The canvas gave no picture.");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${title.replaceAll(/[\\/:*?"<>|]+/g, "-")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The chart with its title on the ground of the page, every colour written out. */
function drawn(title: string, draw: (width: number) => ReactElement): SVGSVGElement {
  const place = document.createElement("div");
  place.setAttribute("aria-hidden", "true");
  place.style.cssText = "position:fixed;left:-10000px;top:0";
  document.body.append(place);
  const root = createRoot(place);
  try {
    flushSync(() => root.render(draw(WIDTH - 2 * MARGIN)));
    const chart = place.querySelector("svg");
    if (!chart) throw new Error("There is no picture to draw.");
    const style = getComputedStyle(document.body);
    const height = Number(chart.getAttribute("height")) + HEAD + MARGIN;
    const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const attributes = { xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` };
    for (const [name, value] of Object.entries(attributes)) whole.setAttribute(name, String(value));
    const ground = element("rect", { width: WIDTH, height, fill: style.getPropertyValue("--surface") || "#fff" });
    const head = element("text", { x: MARGIN, y: 30, fill: style.color, "font-family": style.fontFamily, "font-size": 16, "font-weight": 620 });
    head.textContent = title;
    written(chart);
    const moved = element("g", { transform: `translate(${MARGIN} ${HEAD})` });
    moved.append(chart.cloneNode(true));
    whole.append(ground, head, moved);
    return whole;
  } finally {
    root.unmount();
    place.remove();
  }
}

function element(name: string, attributes: Record<string, string | number>) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function written(svg: SVGSVGElement) {
  for (const one of [svg, ...svg.querySelectorAll<SVGElement>("*")]) {
    const style = getComputedStyle(one);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value) one.setAttribute(name, value);
    }
    one.removeAttribute("class");
    one.removeAttribute("style");
  }
}
