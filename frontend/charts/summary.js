// What a picture shows, in a few sentences, for those who do not see it.

import { written } from "./figures.js";
import { WORDS } from "./frame.js";

const KIND = {
  zh: { line: "折线图", bar: "条形图", stacked: "构成图", dots: "点图", words: "词频图", heat: "热力图" },
  en: {
    line: "Line chart",
    bar: "Bar chart",
    stacked: "Chart of shares",
    dots: "Dot plot",
    words: "Words by weight",
    heat: "Heat map",
  },
};

function extremes(series, spec) {
  const known = series.values.map((value, index) => ({ value, index })).filter(({ value }) => value !== null);
  if (!known.length) return "";
  const most = known.reduce((one, other) => (other.value > one.value ? other : one));
  const least = known.reduce((one, other) => (other.value < one.value ? other : one));
  const say = ({ value, index }) =>
    spec.language === "zh"
      ? `${written(value, spec)}（${spec.categories[index]}）`
      : `${written(value, spec)} (${spec.categories[index]})`;
  return spec.language === "zh"
    ? `${series.name}：最高 ${say(most)}，最低 ${say(least)}`
    : `${series.name}: highest ${say(most)}, lowest ${say(least)}`;
}

export function summary(spec) {
  const words = WORDS[spec.language];
  const kind = KIND[spec.language][spec.kind];
  const size =
    spec.language === "zh"
      ? `${kind}，${spec.series.length} 个系列，${spec.categories.length} 个类目`
      : `${kind}, ${spec.series.length} series, ${spec.categories.length} categories`;
  const marks = spec.marks.map(([index, text]) =>
    spec.language === "zh" ? `${spec.categories[index]}：${text}` : `${spec.categories[index]}: ${text}`,
  );
  const rest = [...spec.series.slice(0, 6).map((one) => extremes(one, spec)), ...marks];
  const foot = [words.sample(spec.sample), spec.invented ? words.invented : "", spec.note ?? ""];
  const all = [size, ...rest, ...foot].map((text) => text.replace(/[.。]\s*$/, "")).filter(Boolean);
  return all.join(words.dot) + words.dot.trim();
}
