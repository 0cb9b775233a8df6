// <fairstream-chart> with a chart as JSON inside: draws it, follows its width and the reader's colours.

import { echarts } from "./echarts.js";
import { options } from "./options.js";
import { summary } from "./summary.js";

const dark = globalThis.matchMedia("(prefers-color-scheme: dark)");

export function mount(element, given) {
  const width = Math.max(320, element.clientWidth || given.width);
  const { option, height, items, spec } = options({ ...given, width, dark: dark.matches });
  element.style.height = `${height}px`;
  const chart = echarts.init(element, null, { renderer: "svg", width, height });
  chart.setOption(option);
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const item = items[seriesIndex]?.[dataIndex];
    const link = item && spec.series[item[0]].links[item[1]];
    if (link) globalThis.location.assign(link);
  });
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", `${spec.title}: ${summary(spec)}`);
  return chart;
}

class FairstreamChart extends HTMLElement {
  connectedCallback() {
    this.given = JSON.parse(this.querySelector('script[type="application/json"]').textContent);
    this.redraw = () => {
      this.chart?.dispose();
      this.chart = mount(this, this.given);
    };
    dark.addEventListener("change", this.redraw);
    globalThis.addEventListener("resize", this.redraw);
    this.redraw();
  }

  disconnectedCallback() {
    dark.removeEventListener("change", this.redraw);
    globalThis.removeEventListener("resize", this.redraw);
    this.chart?.dispose();
  }
}

customElements.define("fairstream-chart", FairstreamChart);
