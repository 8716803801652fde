/* Draws the bars by region from the JSON in the page. The table below says the same. */
(() => {
  const place = document.getElementById("regions-chart");
  const source = document.getElementById("regions-data");
  if (!place || !source || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  const font = getComputedStyle(document.body).fontFamily;
  const bars = (name, values, fill) => ({
    name, type: "bar", data: values, itemStyle: { color: fill }, barMaxWidth: 16, barGap: "10%",
    label: { show: true, position: "right", fontFamily: font, fontSize: 13, color: colour("--ink"), formatter: ({ value }) => value.toLocaleString() },
  });
  chart.setOption({
    animation: !calm,
    textStyle: { fontFamily: font, fontSize: 14 },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 14, textStyle: { color: colour("--ink"), fontSize: 14 } },
    grid: { top: 40, left: 4, right: 56, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, valueFormatter: (value) => value.toLocaleString() },
    xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: colour("--line") } }, axisLabel: { color: colour("--ink-soft"), hideOverlap: true } },
    yAxis: { type: "category", inverse: true, data: data.regions, axisTick: { show: false }, axisLabel: { color: colour("--ink") } },
    series: [bars(data.applied_label, data.applied, colour("--krds-color-light-gray-30")), bars(data.selected_label, data.selected, colour("--brand"))],
  });
  new ResizeObserver(() => chart.resize()).observe(place);
})();
