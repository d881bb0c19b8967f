import type { ChartOptions } from "chart.js";

/** No animation, no parsing, no events: a lane is drawn when its turn comes. */
export function laneOptions(): ChartOptions<"line"> {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    parsing: false,
    normalized: true,
    spanGaps: false,
    events: [],
    elements: {
      line: { borderWidth: 1.5, tension: 0, borderJoinStyle: "bevel", borderCapStyle: "butt" },
      point: { radius: 0, borderWidth: 0, hitRadius: 0 },
    },
    scales: {
      x: { type: "linear", display: false },
      y: {
        type: "linear",
        position: "left",
        border: { display: true },
        grid: { drawTicks: false },
        ticks: { padding: 5, autoSkip: false, maxRotation: 0 },
      },
    },
  };
}
