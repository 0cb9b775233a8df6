// Pictures without a measured axis: words by weight, and a field of series against categories.

import { grouped, written } from "./figures.js";
import { coloursOf, frame, SIZE, SMALL, textStyle, WORDS } from "./frame.js";
import { FONT } from "./palette.js";
import { widthOf, wrap } from "./text.js";

const EDGE = 12;

// Heaviest first, in lines like writing: size says the weight and so does the figure below each word.
function flowed(spec) {
  const [series] = spec.series;
  const marks = new Map(spec.marks);
  const items = spec.categories
    .map((name, index) => ({ name, index, weight: series?.values[index] ?? null }))
    .filter(({ weight }) => weight !== null && weight > 0)
    .sort((one, other) => other.weight - one.weight || one.index - other.index);
  const most = Math.sqrt(items[0]?.weight ?? 1);
  const lines = [];
  for (const { name, index, weight } of items) {
    const size = Math.round(14 + 22 * (Math.sqrt(weight) / most) ** 1.5);
    const marked = marks.has(index) ? `${name} ▸ ${marks.get(index)}` : name;
    const text = wrap(marked, spec.width - 2 * EDGE, size, 1)[0];
    const figure = written(weight, spec);
    const width = Math.max(widthOf(text, size), widthOf(figure, SMALL)) + 22;
    const last = lines.at(-1);
    const item = { text, figure, size, index, width, rank: items.findIndex((one) => one.index === index) };
    if (!last || last.width + width > spec.width - 2 * EDGE) lines.push({ items: [item], width, high: size });
    else Object.assign(last, { items: [...last.items, item], width: last.width + width });
  }
  return lines;
}

export function words(spec) {
  const lines = flowed(spec);
  const natural = lines.reduce((sum, line) => sum + line.high + 34, 0);
  const around = frame({ ...spec }, Math.max(natural, 60) + 8, { named: false });
  const colours = coloursOf(spec);
  const places = [];
  let y = around.top + 4;
  for (const line of lines) {
    let x = (spec.width - line.width) / 2;
    for (const item of line.items) {
      places.push({ ...item, x: x + item.width / 2, y: y + line.high });
      x += item.width;
    }
    y += line.high + 34;
  }
  const series = {
    type: "custom",
    coordinateSystem: "none",
    silent: true,
    data: places.map(({ index }) => [index]),
    items: places.map(({ index }) => [0, index]),
    renderItem: (params) => {
      const place = places[params.dataIndex];
      const strong = place.rank < 3 ? "bold" : "normal";
      const style = { align: "center", verticalAlign: "bottom" };
      const fill = colours.series[0];
      const shape = { x: place.x - place.width / 2, y: place.y - place.size, width: place.width, height: place.size + 17 };
      return {
        type: "group",
        children: [
          { type: "rect", shape, style: { fill: colours.paper } },
          { type: "text", x: place.x, y: place.y, style: { ...style, text: place.text, ...textStyle(fill, place.size, strong) } },
          {
            type: "text",
            x: place.x,
            y: place.y + 17,
            style: { ...style, text: place.figure, ...textStyle(colours.quiet) },
          },
        ],
      };
    },
  };
  return { option: { ...around.option, series: [series] }, height: around.height };
}

const CLASSES = 7;

function shades(spec) {
  const values = spec.series.flatMap((one) => one.values).filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const of = (value) => Math.min(CLASSES - 1, Math.floor(((value - low) / (high - low || 1)) * CLASSES));
  return { low, high, of };
}

function columns(spec, cell) {
  const marks = new Map(spec.marks);
  const widest = Math.max(1, ...spec.categories.map((name) => widthOf(name, SMALL)));
  if (cell >= 54 && spec.categories.length <= 12) {
    const marked = (index) => (marks.has(index) ? wrap(`▸ ${marks.get(index)}`, cell - 6, SMALL, 2) : []);
    const named = spec.categories.map((name, index) => [...wrap(name, cell - 6, SMALL, 3), ...marked(index)]);
    return { named: named.map((lines) => lines.join("\n")), every: 1, lines: Math.max(1, ...named.map((one) => one.length)) };
  }
  const every = Math.max(1, Math.ceil((Math.min(widest, 120) + 10) / cell));
  const named = spec.categories.map((name, index) => {
    const line = wrap(name, 120, SMALL, 1)[0];
    return marks.has(index) ? `${line}\n▸ ${wrap(marks.get(index), 120, SMALL, 1)[0]}` : line;
  });
  return { named, every, lines: marks.size ? 2 : 1 };
}

export function heat(spec) {
  const colours = coloursOf(spec);
  const rows = spec.series.map(({ name }) => wrap(name, spec.width * 0.26, SIZE, 2));
  const left = Math.ceil(Math.max(30, ...rows.flat().map((line) => widthOf(line, SIZE)))) + 24;
  const plot = spec.width - left - 24;
  const cell = plot / Math.max(1, spec.categories.length);
  const row = Math.max(30, ...rows.map((lines) => lines.length * 17 + 8));
  const { named, every, lines } = columns(spec, cell);
  const below = lines * 17 + 14;
  const scale = shades(spec);
  const marks = new Map(spec.marks);
  const around = frame(spec, row * Math.max(1, rows.length) + below + 30, { named: false });
  const height = Math.max(20, around.body - below - 30);
  const label = { color: colours.ink, fontSize: SIZE, fontFamily: FONT, lineHeight: 17 };
  const option = {
    ...around.option,
    grid: { left, right: 24, top: around.top + 2, height, containLabel: false },
    xAxis: {
      type: "category",
      data: spec.categories.map((_, index) => `${index}`),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: {
        ...label,
        color: colours.quiet,
        fontSize: SMALL,
        interval: (index) => index % every === 0 || marks.has(index),
        formatter: (name) => named[Number(name)],
      },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((_, index) => `${index}`),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: { ...label, interval: 0, formatter: (name) => rows[Number(name)].join("\n") },
    },
    series: [cells(spec, scale)],
  };
  option.graphic.push(...key(spec, scale, left, around.height - around.bottom - 24));
  return { option, height: around.height };
}

// A cell without a value is an empty outline, so that it is no palest value.
function cells(spec, scale) {
  const colours = coloursOf(spec);
  const all = spec.series.flatMap((one, series) => one.values.map((value, index) => ({ value, series, index })));
  return {
    type: "custom",
    silent: true,
    data: all.map(({ series, index }) => [index, series]),
    items: all.map(({ series, index }) => [series, index]),
    renderItem: (params, api) => {
      const { value, series, index } = all[params.dataIndex];
      const [x, y] = api.coord([index, series]);
      const [width, height] = api.size([1, 1]);
      const shape = { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2 };
      if (value === null) {
        const dash = { text: "–", x, y, align: "center", verticalAlign: "middle", ...textStyle(colours.quiet) };
        const style = { fill: "none", stroke: colours.axis, lineDash: [3, 3], lineWidth: 1 };
        return { type: "group", children: [{ type: "rect", shape, style }, { type: "text", style: dash }] };
      }
      const shade = scale.of(value);
      const text = written(value, spec);
      const fill = shade > 3 ? colours.paper : colours.ink;
      const style = { text, x, y, align: "center", verticalAlign: "middle", ...textStyle(fill) };
      const children = [{ type: "rect", shape, style: { fill: colours.heat[shade] } }];
      if (widthOf(text, SMALL) < width - 4) children.push({ type: "text", style });
      return { type: "group", children };
    },
  };
}

// The shades beside their bounds, below the field.
function key(spec, scale, left, y) {
  const colours = coloursOf(spec);
  const bounds = `${written(scale.low, spec)} – ${written(scale.high, spec)}`;
  const words = WORDS[spec.language].scale;
  const start = left + widthOf(words, SMALL) + 6;
  const text = (content, x) => ({
    type: "text",
    silent: true,
    x,
    y,
    style: { text: content, verticalAlign: "top", ...textStyle(colours.quiet) },
  });
  const boxes = colours.heat.map((fill, index) => ({
    type: "rect",
    silent: true,
    shape: { x: start + index * 22, y, width: 22, height: 13 },
    style: { fill, stroke: colours.axis, lineWidth: 0.5 },
  }));
  return [text(words, left), ...boxes, text(bounds, start + CLASSES * 22 + 8)];
}
