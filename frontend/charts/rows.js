// Names down, values along: bars, shares of a whole, dots with their bounds.

import { axis, written } from "./figures.js";
import { coloursOf, frame, hasBounds, lookOf, SIZE, SMALL, textStyle, WORDS } from "./frame.js";
import { FONT } from "./palette.js";
import { widthOf, wrap } from "./text.js";

const known = (values) => values.filter((value) => value != null);

// Names of the rows, broken into lines, with the words that mark a row.
function names(spec) {
  const marks = new Map(spec.marks);
  const room = Math.floor(spec.width * 0.34);
  const named = spec.categories.map((name, index) => {
    const lines = wrap(name, room, SIZE, 3);
    return marks.has(index) ? [...lines, ...wrap(`▸ ${marks.get(index)}`, room, SIZE, 2)] : lines;
  });
  const width = Math.max(30, ...named.flat().map((line) => widthOf(line, SIZE)));
  const lines = Math.max(1, ...named.map((one) => one.length));
  return { named: named.map((one) => one.join("\n")), left: Math.ceil(width) + 24, lines };
}

// The words beside a value: the value and, when it was estimated, its bounds.
function beside(spec, series, index) {
  const value = series.values[index];
  if (value == null) return "";
  const [low, high] = [series.low[index], series.high[index]];
  const text = written(value, spec);
  if (low == null || high == null) return text;
  const dash = spec.language === "zh" ? "～" : low < 0 ? " to " : "–";
  return `${text} (${written(low, spec)}${dash}${written(high, spec)})`;
}

function axes(spec, scale, named, around) {
  const colours = coloursOf(spec);
  const label = { color: colours.quiet, fontSize: SMALL, fontFamily: FONT };
  return {
    xAxis: {
      type: "value",
      min: scale.min,
      max: scale.max,
      interval: scale.step,
      splitLine: { lineStyle: { color: colours.rule } },
      axisLabel: { ...label, formatter: scale.write, hideOverlap: true },
      name: scale.unit,
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: label,
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: spec.categories.map((_, index) => `${index}`),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.axis } },
      axisLabel: {
        ...label,
        color: colours.ink,
        fontSize: SIZE,
        lineHeight: 17,
        interval: 0,
        margin: 10,
        formatter: (name) => named[Number(name)],
      },
    },
    grid: { ...around, containLabel: false },
  };
}

function layout(spec, scale, { perRow, bars, extra = [], right }) {
  const { named, left, lines } = names(spec);
  const plot = Math.floor(spec.width - left - right(left, scale));
  const row = Math.max(lines * 17 + 9, perRow);
  const below = scale.unit ? 50 : 30;
  const around = frame(spec, row * Math.max(1, spec.categories.length) + below + 6, { bars, extra });
  const grid = { left, width: plot, top: around.top + 4, height: Math.max(20, around.body - below - 6) };
  return { around, option: { ...around.option, ...axes(spec, scale, named, grid) }, plot };
}

// Room to the right of the axis, so that the words beside the longest bars end inside the picture.
const room = (spec) => (left, scale) => {
  const whole = spec.width - left - 24;
  const plots = spec.series.flatMap((one) =>
    one.values.map((value, index) => {
      const far = Math.max(value ?? 0, one.high[index] ?? 0, 0);
      const words = widthOf(beside(spec, one, index), SMALL) + 10;
      return (whole - words) / Math.max((far - scale.min) / (scale.max - scale.min), 0.01);
    }),
  );
  return spec.width - left - Math.max(Math.min(whole, ...plots), spec.width * 0.2);
};

// A bar across from low to high with ends, in the middle of the bar it bounds.
function whisker(spec, series, place, count) {
  const colours = coloursOf(spec);
  const rows = series.values.map((_, index) => index).filter((index) => series.low[index] != null && series.high[index] != null);
  return {
    type: "custom",
    silent: true,
    z: 6,
    data: rows.map((index) => [series.low[index], index]),
    renderItem: (params, api) => {
      const index = rows[params.dataIndex];
      const [from, y] = api.coord([series.low[index], index]);
      const [to] = api.coord([series.high[index], index]);
      const middle = y + offset(api, place, count);
      const path = `M${from},${middle - 4}V${middle + 4}M${from},${middle}H${to}M${to},${middle - 4}V${middle + 4}`;
      // Pale below dark, to be seen on the bar as well as beside it.
      const lines = [{ stroke: colours.paper, lineWidth: 4 }, { stroke: colours.ink, lineWidth: 1.5 }];
      const drawn = lines.map((style) => ({ type: "path", shape: { pathData: path }, style: { ...style, fill: "none" } }));
      return { type: "group", children: drawn };
    },
  };
}

const offset = (api, place, count) => {
  const band = api.size([0, 1])[1] * 0.72;
  return (band / count) * (place - (count - 1) / 2);
};

// Words to the right of every bar or dot.
function labels(spec, series, place, count) {
  const rows = series.values.map((_, index) => index).filter((index) => series.values[index] != null);
  return {
    type: "custom",
    silent: true,
    z: 7,
    data: rows.map((index) => [series.values[index], index]),
    renderItem: (params, api) => {
      const index = rows[params.dataIndex];
      const far = Math.max(series.values[index], series.high[index] ?? -Infinity, 0);
      const [x, y] = api.coord([far, index]);
      const style = { text: beside(spec, series, index), verticalAlign: "middle", ...textStyle(coloursOf(spec).ink) };
      return { type: "text", x: x + 8, y: y + offset(api, place, count), style };
    },
  };
}

export function bars(spec) {
  const every = spec.series.flatMap((one) => known([...one.values, ...one.high, ...one.low]));
  const count = spec.series.length || 1;
  const bounds = spec.series.some(hasBounds);
  const extra = bounds ? [WORDS[spec.language].bounds] : [];
  const scale = axis(every, spec, 4);
  const { around, option } = layout(spec, scale, { perRow: count * 18 + 8, bars: true, extra, right: room(spec) });
  option.series = spec.series.map((one, index) => ({
    type: "bar",
    name: `s${index}`,
    barCategoryGap: "28%",
    barGap: "0%",
    data: one.values.map((value) => value ?? "-"),
    itemStyle: { color: lookOf(spec, index).colour, ...decalOf(spec, index), borderColor: coloursOf(spec).paper },
  }));
  spec.series.forEach((one, index) => {
    if (hasBounds(one)) option.series.push(whisker(spec, one, index, count));
    option.series.push(labels(spec, one, index, count));
  });
  return { option, height: around.height };
}

function decalOf(spec, index) {
  const { decal } = lookOf(spec, index);
  return decal ? { decal: { ...decal, color: coloursOf(spec).paper } } : {};
}

export function stacked(spec) {
  const sums = spec.categories.map((_, row) => spec.series.reduce((sum, one) => sum + (one.values[row] ?? 0), 0));
  const whole = Math.max(...sums, 0);
  const scale = axis(spec.share && whole <= 1.02 && whole > 0.8 ? [1] : [whole], spec, 5);
  const { around, option, plot } = layout(spec, scale, { perRow: 34, bars: true, right: () => 30 });
  const colours = coloursOf(spec);
  option.series = spec.series.map((one, index) => ({
    type: "bar",
    name: `s${index}`,
    stack: "all",
    barCategoryGap: "24%",
    data: one.values.map((value) => ({ value: value ?? "-", label: { show: fits(value, plot, scale, spec) } })),
    itemStyle: {
      color: lookOf(spec, index).colour,
      ...decalOf(spec, index),
      borderColor: colours.paper,
      borderWidth: 1.5,
    },
    label: {
      color: colours.ink,
      backgroundColor: colours.paper,
      padding: [2, 4],
      borderRadius: 2,
      fontSize: SMALL,
      fontFamily: FONT,
      position: "inside",
      formatter: ({ dataIndex }) => written(one.values[dataIndex], spec),
    },
  }));
  return { option, height: around.height };
}

const fits = (value, plot, scale, spec) =>
  value != null && (value / (scale.max - scale.min)) * plot > widthOf(written(value, spec), SMALL) + 14;

export function dots(spec) {
  const every = spec.series.flatMap((one) => known([...one.values, ...one.high, ...one.low]));
  const count = spec.series.length || 1;
  const scale = axis(every, spec, 4);
  const extra = spec.series.some(hasBounds) ? [WORDS[spec.language].bounds] : [];
  const { around, option } = layout(spec, scale, { perRow: count * 20 + 8, bars: false, extra, right: room(spec) });
  option.series = spec.series.flatMap((one, index) => [
    ...(hasBounds(one) ? [whisker(spec, one, index, count)] : []),
    dot(spec, one, index, count),
    labels(spec, one, index, count),
  ]);
  return { option, height: around.height };
}

const MARKS = {
  circle: (x, y) => ({ type: "circle", shape: { cx: x, cy: y, r: 5 } }),
  rect: (x, y) => ({ type: "rect", shape: { x: x - 4.5, y: y - 4.5, width: 9, height: 9 } }),
  triangle: (x, y) => ({ type: "polygon", shape: { points: [[x, y - 6], [x + 6, y + 5], [x - 6, y + 5]] } }),
  diamond: (x, y) => ({ type: "polygon", shape: { points: [[x, y - 6.5], [x + 6.5, y], [x, y + 6.5], [x - 6.5, y]] } }),
};

function dot(spec, series, place, count) {
  const look = lookOf(spec, place);
  const rows = series.values.map((_, index) => index).filter((index) => series.values[index] != null);
  const [, hollow, kind] = /^(empty)?(\w+)$/.exec(look.symbol);
  return {
    type: "custom",
    name: `s${place}`,
    z: 8,
    itemStyle: { color: look.colour },
    data: rows.map((index) => [series.values[index], index]),
    renderItem: (params, api) => {
      const [x, y] = api.coord([series.values[rows[params.dataIndex]], rows[params.dataIndex]]);
      const style = { fill: hollow ? coloursOf(spec).paper : look.colour, stroke: look.colour, lineWidth: 2 };
      return { ...MARKS[kind.toLowerCase()](x, y + offset(api, place, count)), style };
    },
    items: rows.map((index) => [place, index]),
  };
}
