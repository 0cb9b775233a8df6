// Widths and lines of text without a font at hand, so that a picture is the same wherever it is drawn.

const NARROW = new Set("iljftrI.,:;'`|!()[]{}·-/\\ ".split(""));
const BROAD = new Set("mwMWQOG@%&".split(""));

// Width of one character as a share of the font size; close to Noto Sans, rather too wide than too narrow.
function share(sign) {
  const code = sign.codePointAt(0);
  if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f) || code === 0xfe0f) return 0;
  if (code >= 0x1f000) return 1.25;
  if (code >= 0x2e80) return 1;
  if (NARROW.has(sign)) return 0.34;
  if (BROAD.has(sign)) return 0.86;
  if (code >= 0x41 && code <= 0x5a) return 0.66;
  return code > 0x2000 ? 0.9 : 0.57;
}

export function widthOf(text, size) {
  let sum = 0;
  for (const sign of text) sum += share(sign);
  return sum * size;
}

// Pieces that must stay together: Latin words and numbers; every Han character stands alone.
function pieces(text) {
  return text.match(/[\u0021-\u024f\u0370-\u04ff]+ ?|\s|[^]/gu) ?? [];
}

// Lines no broader than `width`; what does not fit in `most` lines ends in "…".
export function wrap(text, width, size, most = 3) {
  const lines = [""];
  for (const piece of pieces(text.replace(/\s+/gu, " ").trim())) {
    const parts = widthOf(piece, size) > width ? [...piece] : [piece];
    for (const part of parts) {
      const last = lines.length - 1;
      if (lines[last] && widthOf(lines[last] + part.trimEnd(), size) > width) lines.push(part.trimStart());
      else lines[last] += part;
      if (lines.length > most) return cut(lines.slice(0, most), width, size);
    }
  }
  return lines.map((line) => line.trimEnd());
}

function cut(lines, width, size) {
  let last = [...lines.at(-1)];
  while (last.length && widthOf(last.join("") + "…", size) > width) last = last.slice(0, -1);
  return [...lines.slice(0, -1).map((line) => line.trimEnd()), last.join("").trimEnd() + "…"];
}
