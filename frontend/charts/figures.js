// How figures are written: 万 and 亿 in Chinese, thousands in English, shares in per cent.

const SCALES = {
  zh: [[1e8, "亿"], [1e4, "万"]],
  en: [[1e9, "billion "], [1e6, "million "]],
};

export function grouped(value, places = 0) {
  const [whole, rest] = Math.abs(value).toFixed(places).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

function places(value, most = 2) {
  for (let count = 0; count < most; count += 1) {
    if (Math.abs(value - Number(value.toFixed(count))) < 1e-9 * Math.max(1, Math.abs(value))) return count;
  }
  return most;
}

// One value as a person reads it beside its bar or dot.
export function written(value, { share, language }) {
  if (share) return `${grouped(value * 100, value !== 0 && Math.abs(value) < 0.01 ? 2 : 1)}%`;
  if (language === "zh") {
    for (const [size, name] of SCALES.zh) {
      if (Math.abs(value) >= size * (size === 1e4 ? 10 : 1)) return `${grouped(value / size, 1)}${name}`;
    }
  }
  return grouped(value, places(value));
}

// Round steps for an axis from `low` to `high` (0 is always inside): {min, max, step}.
export function steps(low, high, about = 5) {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const span = to - from || 1;
  const power = 10 ** Math.floor(Math.log10(span / about));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => span / size <= about);
  const trim = (value) => Number(value.toPrecision(12));
  return { min: trim(Math.floor(from / step + 1e-9) * step), max: trim(Math.ceil(to / step - 1e-9) * step || step), step };
}

// What an axis needs: its steps, how a tick is written, and the words for its unit.
export function axis(values, spec, about = 5) {
  const scale = steps(Math.min(0, ...values), Math.max(0, ...values), about);
  if (spec.share) {
    const count = places(scale.step * 100);
    return { ...scale, write: (value) => `${grouped(value * 100, count)}%`, unit: "" };
  }
  const [size, name] = SCALES[spec.language].find(([size]) => scale.max >= size * (size === 1e4 ? 10 : 1)) ?? [1, ""];
  const count = places(scale.step / size);
  return { ...scale, write: (value) => grouped(value / size, count), unit: `${name}${spec.unit}` };
}
