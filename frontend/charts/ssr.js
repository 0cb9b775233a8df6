// Runs inside QuickJS: JSON of a chart in, JSON of an SVG out.

import { echarts } from "./echarts.js";
import { written } from "./figures.js";
import { options } from "./options.js";
import { palettes } from "./palette.js";
import { summary } from "./summary.js";
import { widthOf } from "./text.js";

echarts.setPlatformAPI({
  measureText: (text, font) => ({ width: widthOf(text ?? "", Number.parseFloat(/([\d.]+)px/.exec(font)?.[1] ?? 12)) }),
});

const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

const META = / ecmeta_(\w+)="(\w*)"/g;
const SHAPE = String.raw`<(path|rect|circle|polygon|polyline)\b([^<>]*)></\1>`;
// How many texts after a shape belong to it: a word and its figure, the figure in a cell.
const TEXTS = { words: 2, heat: 1 };

// Elements that stand for one value become links that say the value; what the engine notes about them goes.
function linked(svg, items, spec) {
  const texts = String.raw`(?:\n<text\b[^<>]*>[^<]*</text>){0,${TEXTS[spec.kind] ?? 0}}`;
  return svg
    .replace(new RegExp(SHAPE + texts, "g"), (whole, _tag, attributes) => {
      const meta = Object.fromEntries([...attributes.matchAll(META)].map(([, name, value]) => [name, value]));
      const item = items[Number(meta.series_index)]?.[Number(meta.data_index)];
      const link = meta.data_index && item ? spec.series[item[0]].links[item[1]] : null;
      return link ? `<a href="${escaped(link)}" aria-label="${escaped(named(spec, item))}">${whole}</a>` : whole;
    })
    .replace(META, "");
}

function named(spec, [series, index]) {
  const { name, values } = spec.series[series];
  return `${name}, ${spec.categories[index]}: ${written(values[index], spec)}`;
}

// The engine numbers its pictures and their classes for hovering; a page holds several pictures, and the same
// picture must be the same bytes.
const unnumbered = (svg, id) =>
  svg
    .replace(/<style\b[^]*?<\/style>\n?/g, "")
    .replace(/ (?:class="zr\d+-cls-\d+"|pointer-events="visible"|baseProfile="full"|xmlns:xlink="[^"]*")/g, "")
    .replace(/\bzr\d+-/g, `${id}-`);

function draw(given) {
  const { option, height, items, spec } = options(given);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: spec.width, height });
  chart.setOption(option);
  const drawn = chart.renderToSVGString({ useViewBox: true, cssEmphasis: false });
  chart.dispose();
  const svg = unnumbered(linked(drawn, items, spec), spec.id);
  const role = svg.includes("<a href=") ? "group" : "img";
  const head = `<title id="${spec.id}-t">${escaped(spec.title)}</title><desc id="${spec.id}-d">${escaped(summary(spec))}</desc>`;
  const opening = `<svg role="${role}" lang="${spec.lang}" aria-labelledby="${spec.id}-t" aria-describedby="${spec.id}-d"`;
  return svg.replace(/^<svg([^>]*)>/, (_, rest) => `${opening}${rest}>${head}`);
}

globalThis.fairstream = {
  // The engine's strings are ropes that the binding cannot read: JSON makes them whole.
  draw: (json) => JSON.stringify(draw(JSON.parse(json))),
  palettes: () => JSON.stringify(palettes),
};
