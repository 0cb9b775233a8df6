// What all pictures share: title above, names of the series, notes and sample size below.

import { grouped } from "./figures.js";
import { dashes, decals, FONT, palettes, symbols } from "./palette.js";
import { widthOf, wrap } from "./text.js";

export const SIZE = 13;
export const SMALL = 12;
const LINE = 18;
const EDGE = 12;

export const WORDS = {
  zh: {
    sample: (count) => `样本：${grouped(count)}条`,
    invented: "（虚构）数据为演示而编造",
    none: "没有数据",
    bounds: "横线为估计区间",
    band: "浅色带为估计区间",
    scale: "由浅到深：",
    dot: "。",
  },
  en: {
    sample: (count) => `Sample: ${grouped(count)} items`,
    invented: "(Invented) data made up for demonstration",
    none: "No data",
    bounds: "Bars across: bounds of the estimate",
    band: "Pale band: bounds of the estimate",
    scale: "Pale to dark: ",
    dot: ". ",
  },
};

export const coloursOf = (spec) => palettes[spec.dark ? "dark" : "light"];

// Colour, mark, dash and pattern of the series at `index`: at least two of them differ between any two of the first six.
export function lookOf(spec, index) {
  const turn = index % 6;
  return {
    colour: coloursOf(spec).series[turn],
    symbol: symbols[(turn + Math.floor(index / 6)) % 6],
    dash: dashes[(turn + Math.floor(index / 6)) % 6],
    decal: decals[(turn + Math.floor(index / 6)) % 6],
  };
}

export const textStyle = (fill, size = SMALL, weight = "normal") => ({
  fill,
  fontSize: size,
  fontWeight: weight,
  fontFamily: FONT,
});

export const hasBounds = (series) =>
  series.low.some((value) => value !== null) && series.high.some((value) => value !== null);

// Rows that the names of the series need, as the legend lays them out.
function legendRows(spec, width) {
  let [rows, used] = [1, 0];
  for (const { name } of spec.series) {
    const needs = 30 + 5 + widthOf(short(name), SMALL) + 16;
    if (used && used + needs > width) [rows, used] = [rows + 1, 0];
    used += needs;
  }
  return rows;
}

const short = (name) => wrap(name, 260, SMALL, 1)[0];

function legend(spec, top, bars) {
  return {
    type: "plain",
    top,
    left: EDGE,
    right: EDGE,
    padding: 0,
    itemGap: 16,
    itemWidth: bars ? 20 : spec.kind === "dots" ? 12 : 30,
    itemHeight: 12,
    selectedMode: false,
    borderColor: coloursOf(spec).paper,
    data: spec.series.map((_, index) => ({
      name: `s${index}`,
      ...(spec.kind === "dots" ? { icon: lookOf(spec, index).symbol } : {}),
    })),
    formatter: (name) => short(spec.series[Number(name.slice(1))].name),
    textStyle: { color: coloursOf(spec).ink, fontSize: SMALL, fontFamily: FONT },
  };
}

function footer(spec, extra) {
  const words = WORDS[spec.language];
  const below = [spec.note, ...extra].filter(Boolean);
  const sample = words.sample(spec.sample);
  const lines = below.flatMap((text) => wrap(text, spec.width - 2 * EDGE, SMALL, 4));
  const invented = spec.invented ? words.invented : "";
  const beside = widthOf(sample, SMALL) + widthOf(invented, SMALL) + 20 < spec.width - 2 * EDGE;
  return { lines: [...lines, sample, ...(invented && !beside ? [""] : [])], invented };
}

function words(text, x, y, style, align = "left") {
  return { type: "text", x, y, silent: true, style: { text, align, verticalAlign: "top", ...style } };
}

// A frame for a body of `natural` height (with its axes): where the body lies and the option without series.
export function frame(spec, natural, { named = spec.series.length > 1, bars = false, extra = [] } = {}) {
  const colours = coloursOf(spec);
  const title = spec.titled ? wrap(spec.title, spec.width - 2 * EDGE, 15, 3) : [];
  const legendTop = 10 + title.length * 22;
  const rows = named ? legendRows(spec, spec.width - 2 * EDGE) : 0;
  const top = legendTop + rows * 24 + (rows ? 6 : 0);
  const foot = footer(spec, extra);
  const below = foot.lines.length * LINE + 8;
  const height = spec.height ?? Math.ceil(top + natural + below);
  const graphic = title.map((text, row) => words(text, EDGE, 10 + row * 22, textStyle(colours.ink, 15, "bold")));
  foot.lines.forEach((text, row) => {
    graphic.push(words(text, EDGE, height - below + 2 + row * LINE, textStyle(colours.quiet)));
  });
  if (foot.invented) {
    const y = height - below + 2 + (foot.lines.length - 1) * LINE;
    graphic.push(words(foot.invented, spec.width - EDGE, y, textStyle(colours.ink, SMALL, "bold"), "right"));
  }
  return {
    top,
    bottom: below,
    height,
    body: height - top - below,
    option: {
      animation: false,
      backgroundColor: colours.paper,
      textStyle: { fontFamily: FONT },
      aria: { enabled: false },
      graphic,
      ...(named ? { legend: legend(spec, legendTop, bars) } : {}),
    },
  };
}
