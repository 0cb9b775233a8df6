// The parts of ECharts that our pictures use; nothing else is bundled.

import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { AriaComponent, GraphicComponent, GridComponent, LegendComponent, MarkLineComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent,
  BarChart,
  CustomChart,
  GraphicComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  SVGRenderer,
]);

export { echarts };
