// The map of open orders per town. Without it the table beside it says the same.
(() => {
  const box = document.getElementById("town-map");
  if (!box) return;
  const figure = box.closest("figure");
  if (!window.echarts) { figure.hidden = true; return; }
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const shapes = read(box.dataset.shapes), values = read(box.dataset.values);
  if (!shapes.features.length) { figure.hidden = true; return; }
  const css = getComputedStyle(document.documentElement);
  const t = (name) => css.getPropertyValue("--" + name).trim();
  // Names repeat between counties, codes do not: a shape with a code is known by it.
  const key = (properties) => String(properties.code ?? properties.name);
  const field = shapes.features[0].properties.code === undefined ? "name" : "code";
  const words = new Map(shapes.features.map(({ properties: p }) => [key(p), p.words || p.name]));
  echarts.registerMap("towns", shapes);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const most = Math.max(4, ...values.map((each) => each.value));
  const byCode = new Map(values.map((each) => [each.code, each]));
  const data = shapes.features.map(({ properties: p }) => {
    const found = byCode.get(key(p));
    return { name: key(p), value: found ? found.value : NaN, late: found ? found.late : 0 };
  });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    // HTML tooltips set inline styles, which the content policy forbids: richText is drawn on the canvas.
    tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: t("raised"), borderColor: t("line"),
      textStyle: { color: t("ink") },
      formatter: ({ name, data: d }) => `${words.get(name) || name}\n${box.dataset.label} ${d && d.value ? d.value : 0}  ${box.dataset.late} ${d ? d.late : 0}` },
    visualMap: { show: false, min: 1, max: most, inRange: { color: [t("heat-2"), t("heat-3"), t("heat-4"), t("heat-5")] }, outOfRange: { color: t("surface") } },
    series: [{ type: "map", map: "towns", roam: false, selectedMode: false, aspectScale: 1, nameProperty: field,
      layoutCenter: ["50%", "50%"], layoutSize: "98%",
      itemStyle: { areaColor: t("surface"), borderColor: t("line"), borderWidth: .8 }, label: { show: false },
      emphasis: { label: { show: false }, itemStyle: { areaColor: t("brand-soft"), borderColor: t("brand"), borderWidth: 2 } }, data }],
  });
  addEventListener("resize", () => chart.resize());
})();
