// A chart as data → what ECharts draws. The same for the browser and for paper.

import { heat, words } from "./fields.js";
import { WORDS, coloursOf, frame, textStyle } from "./frame.js";
import { lines } from "./line.js";
import { bars, dots, stacked } from "./rows.js";

const KINDS = { line: lines, bar: bars, stacked, dots, words, heat };

// A series may leave out bounds and links; from here on every list is as long as the categories.
function whole(spec) {
  const long = (values) => spec.categories.map((_, index) => values?.[index] ?? null);
  const series = spec.series.map((one) => ({
    ...one,
    values: long(one.values),
    low: long(one.low),
    high: long(one.high),
    links: long(one.links),
  }));
  const marks = [...spec.marks].filter(([index]) => index >= 0 && index < spec.categories.length);
  return { ...spec, series, marks: marks.sort(([one], [other]) => one - other) };
}

function nothing(spec) {
  const around = frame(spec, 60, { named: false });
  const style = { text: WORDS[spec.language].none, ...textStyle(coloursOf(spec).quiet, 14), align: "center" };
  around.option.graphic.push({ type: "text", x: spec.width / 2, y: around.top + 20, style });
  return { option: { ...around.option, series: [] }, height: around.height };
}

// {option, height, items}: `items` says for each drawn series which [series, category] its elements stand for.
export function options(given) {
  const spec = whole(given);
  const empty = !spec.series.some(({ values }) => values.some((value) => value !== null));
  const { option, height } = empty ? nothing(spec) : KINDS[spec.kind](spec);
  const items = option.series.map((drawn) => drawn.items ?? itemsOf(drawn, spec));
  option.series = option.series.map(({ items: _, ...drawn }) => drawn);
  return { option, height, items, spec };
}

const itemsOf = (drawn, spec) => {
  if (!drawn.name) return [];
  return spec.categories.map((_, index) => [Number(drawn.name.slice(1)), index]);
};
