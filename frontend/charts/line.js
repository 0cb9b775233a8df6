// Days along, values up: lines with gaps, bands of bounds, marked days.

import { axis, written } from "./figures.js";
import { coloursOf, frame, hasBounds, lookOf, SMALL, WORDS } from "./frame.js";
import { FONT } from "./palette.js";
import { widthOf, wrap } from "./text.js";

const known = (values) => values.filter((value) => value !== null);

function geometry(spec, scale) {
  const ticks = [];
  for (let value = scale.min; value <= scale.max + scale.step / 2; value += scale.step) ticks.push(scale.write(value));
  const left = 16 + Math.max(...ticks.map((text) => widthOf(text, SMALL)));
  return { left: Math.ceil(left), right: 24 };
}

// Marked categories with the row that their words stand in, so that no two overlap.
function placed(spec, left, plot) {
  const at = (index) => left + ((index + 0.5) / spec.categories.length) * plot;
  const ends = [];
  return spec.marks.map(([index, text]) => {
    const words = wrap(text, 180, SMALL, 1)[0];
    const half = widthOf(words, SMALL) / 2;
    const middle = Math.min(Math.max(at(index), half + 4), spec.width - half - 4);
    let row = ends.findIndex((end) => end < middle - half - 6);
    if (row < 0) row = ends.length;
    ends[row] = middle + half;
    return { index, words, row, shift: middle - at(index) };
  });
}

function markLine(spec, marks, rows) {
  const colours = coloursOf(spec);
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colours.quiet, type: [2, 3], width: 1 },
    data: marks.map(({ index, words, row, shift }) => ({
      xAxis: index,
      label: {
        formatter: () => words,
        color: colours.ink,
        fontSize: SMALL,
        fontFamily: FONT,
        position: "end",
        distance: 17, // room for the figure over a point at the very top
        offset: [shift, -(rows - 1 - row) * 16],
      },
    })),
  };
}

// How far the words above a point must move to stay inside the picture.
function inward(spec, index, value, { left, right, width }) {
  const half = widthOf(written(value, spec), SMALL) / 2;
  const at = ((index + 0.5) / spec.categories.length) * width;
  return Math.max(0, half - at - left + 4) - Math.max(0, half - (width - at) - right + 4);
}

// The highest value says its figure; a value between two gaps is drawn as a mark of its own.
function points(spec, { values, links: linked }, plot) {
  // Of many days only some carry their mark, unless each leads to its items.
  const many = values.length > 62 ? Math.ceil(values.length / 24) : 0;
  const top = known(values).length ? Math.max(...known(values)) : null;
  const peak = values.indexOf(top);
  return values.map((value, index) => {
    if (value === null) return { value: "-" };
    const alone = values[index - 1] == null && values[index + 1] == null;
    const size = alone || !many || linked[index] ? 6 : index % many === 0 ? 6 : 0;
    const shown = index === peak && spec.series.length <= 4;
    return {
      value,
      symbolSize: index === peak ? 8 : size,
      ...(shown
        ? {
            label: {
              show: true,
              formatter: () => written(value, spec),
              position: "top",
              offset: [inward(spec, index, value, plot), 0],
            },
          }
        : {}),
    };
  });
}

function line(spec, series, index, plot) {
  const look = lookOf(spec, index);
  return {
    type: "line",
    name: `s${index}`,
    data: points(spec, series, plot),
    connectNulls: false,
    showAllSymbol: true,
    symbol: look.symbol,
    itemStyle: { color: look.colour, borderColor: look.colour, borderWidth: 1.5 },
    lineStyle: { color: look.colour, width: 2, type: look.dash },
    label: {
      color: coloursOf(spec).ink,
      fontSize: SMALL,
      fontFamily: FONT,
      textBorderColor: coloursOf(spec).paper,
      textBorderWidth: 3,
    },
    z: 5,
  };
}

// One polygon for each stretch of days whose bounds are known; a lone day gets a bar across.
function band(spec, series, index) {
  const stretches = [];
  series.values.forEach((_, day) => {
    if (series.low[day] == null || series.high[day] == null) return;
    const last = stretches.at(-1);
    if (last && last.at(-1) === day - 1) last.push(day);
    else stretches.push([day]);
  });
  const { colour } = lookOf(spec, index);
  return {
    type: "custom",
    silent: true,
    z: 1,
    data: stretches.map((days) => [days[0], series.low[days[0]]]),
    renderItem: (params, api) => {
      const days = stretches[params.dataIndex];
      const highs = days.map((day) => api.coord([day, series.high[day]]));
      const lows = days.map((day) => api.coord([day, series.low[day]])).reverse();
      const style = { fill: colour, opacity: 0.18, stroke: days.length > 1 ? "none" : colour, lineWidth: 6 };
      return { type: "polygon", shape: { points: [...highs, ...lows] }, style };
    },
  };
}

const short = (name) => wrap(name, 140, SMALL, 1)[0];

// Show every n-th name so that they stand apart.
function interval(spec, plot) {
  const widest = Math.max(1, ...spec.categories.map((name) => widthOf(short(name), SMALL)));
  const every = Math.max(1, Math.ceil(((widest + 14) * spec.categories.length) / plot));
  return (index) => index % every === 0;
}

export function lines(spec) {
  const colours = coloursOf(spec);
  const every = spec.series.flatMap((one) => [...one.values, ...one.low, ...one.high]);
  const scale = axis(known(every), spec);
  const { left, right } = geometry(spec, scale);
  const plot = spec.width - left - right;
  const marks = placed(spec, left, plot);
  const rows = marks.length ? Math.max(...marks.map(({ row }) => row)) + 1 : 0;
  const bounds = spec.series.some(hasBounds);
  const head = 22 + rows * 16 + (rows ? 21 : 0);
  const extra = bounds ? [WORDS[spec.language].band] : [];
  const around = frame(spec, 240 + head + 30, { extra });
  const series = spec.series.map((one, index) => line(spec, one, index, { left, right, width: plot }));
  if (marks.length) series[0].markLine = markLine(spec, marks, rows);
  const label = { color: colours.quiet, fontSize: SMALL, fontFamily: FONT };
  const option = {
    ...around.option,
    grid: { left, right, top: around.top + head, height: Math.max(60, around.body - head - 30), containLabel: false },
    xAxis: {
      type: "category",
      data: spec.categories.map((_, index) => `${index}`),
      axisLine: { lineStyle: { color: colours.axis } },
      axisTick: { alignWithLabel: true, interval: interval(spec, plot), lineStyle: { color: colours.axis } },
      axisLabel: { ...label, interval: interval(spec, plot), formatter: (name) => short(spec.categories[Number(name)]) },
    },
    yAxis: {
      type: "value",
      min: scale.min,
      max: scale.max,
      interval: scale.step,
      splitLine: { lineStyle: { color: colours.rule } },
      axisLabel: { ...label, formatter: scale.write },
    },
    series: [...series, ...spec.series.flatMap((one, index) => (hasBounds(one) ? [band(spec, one, index)] : []))],
  };
  if (scale.unit) {
    const style = { text: scale.unit, fill: colours.quiet, fontSize: SMALL, fontFamily: FONT, verticalAlign: "top" };
    option.graphic.push({ type: "text", x: 12, y: around.top, silent: true, style });
  }
  return { option, height: around.height };
}
