// Colours by what they are for. Light series colours stand at 3:1 or more on the paper, dark ones on the dark paper;
// neighbours differ in lightness as well as hue, and shape or pattern always says the same again.
// Every light colour is used for one purpose only: pages exchange it for a CSS variable of that purpose.
export const palettes = {
  light: {
    paper: "#fffffe",
    ink: "#1b1b20",
    quiet: "#55565f",
    axis: "#8a8b94",
    rule: "#dcdde2",
    series: ["#17457c", "#d2620c", "#7a3b8f", "#3d8bcd", "#b3123f", "#0e866a"],
    heat: ["#eef4fb", "#d3e3f4", "#b0cdea", "#82aeda", "#3f77b0", "#2b629c", "#123f72"],
  },
  dark: {
    paper: "#1e2024",
    ink: "#ececf0",
    quiet: "#b3b5bf",
    axis: "#8d909b",
    rule: "#3a3d45",
    series: ["#9cc4f5", "#e08a3c", "#d5a6ea", "#5a9bdc", "#ff9fb4", "#3fb896"],
    heat: ["#22303f", "#27405a", "#2f557c", "#386796", "#6a9dd0", "#9cc4ec", "#d3e6fa"],
  },
};

export const symbols = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
export const dashes = ["solid", [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]];
// Rows of strokes, dots and squares, as ECharts writes them (aria.decal).
export const decals = [
  null,
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: -Math.PI / 4 },
  { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [5, 0], symbolSize: 0.7 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 6], rotation: Math.PI / 4 },
  { symbol: "rect", dashArrayX: [[5, 5], [0, 5, 5, 0]], dashArrayY: [5, 0] },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 },
];
// Names without quotes: the engine puts them into an attribute as they are.
export const FONT = "Noto Sans CJK SC, Source Han Sans SC, Source Han Sans, PingFang SC, Microsoft YaHei, sans-serif";
