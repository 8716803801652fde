/* Draws bars from the JSON beside each chart's place. The table below says the same. */
(() => {
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = getComputedStyle(document.body).fontFamily;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const tones = {
    line: colour("--line"),
    soft: colour("--krds-color-light-gray-30"),
    middle: colour("--krds-color-light-gray-60"),
    brand: colour("--brand"),
  };
  const shown = (value) => value.toLocaleString();
  const draw = (place) => {
    const source = document.getElementById(place.dataset.chart);
    if (!source) return;
    const data = JSON.parse(source.textContent);
    const narrow = place.clientWidth < 480;
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    const bars = ({ name, values, tone }) => ({
      name, type: "bar", data: values, itemStyle: { color: tones[tone] }, barMaxWidth: 14, barGap: "8%",
      ...(data.stacked ? { stack: "all" } : { label: { show: true, position: "right", fontFamily: font, fontSize: 12, color: colour("--ink"), formatter: ({ value }) => shown(value) } }),
    });
    chart.setOption({
      animation: !calm,
      textStyle: { fontFamily: font, fontSize: 14 },
      legend: { type: "scroll", top: 0, left: 0, itemWidth: 14, itemHeight: 14, textStyle: { color: colour("--ink"), fontSize: 14 } },
      grid: { top: 40, left: 4, right: 56, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, valueFormatter: shown },
      xAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: colour("--line") } }, axisLabel: { color: colour("--ink-soft"), hideOverlap: true } },
      yAxis: { type: "category", inverse: true, data: data.labels, axisTick: { show: false }, axisLabel: { color: colour("--ink"), width: narrow ? 110 : 220, overflow: "truncate", interval: 0 } },
      series: data.series.map(bars),
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  };
  document.querySelectorAll("[data-chart]").forEach(draw);
})();
