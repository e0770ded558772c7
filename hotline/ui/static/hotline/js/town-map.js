// The map of open orders per town. Without it the table beside it says the same, and is what a screen reader gets.
// The library is large: it is fetched when the map comes into view, after everything else.
(() => {
  const box = document.getElementById("town-map");
  if (!box) return;
  const figure = box.closest("figure");
  const hide = () => { figure.hidden = true; };
  const fetchAndDraw = () => {
    const script = document.createElement("script");
    script.src = box.dataset.library;
    script.addEventListener("load", () => (window.echarts ? draw() : hide()));
    script.addEventListener("error", hide);
    document.head.append(script);
  };
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    fetchAndDraw();
  }, { rootMargin: "200px" });
  seen.observe(box);

  function draw() {
    const read = (id) => JSON.parse(document.getElementById(id).textContent);
    const shapes = read(box.dataset.shapes), values = read(box.dataset.values);
    if (!shapes.features.length) return hide();
    const css = getComputedStyle(document.documentElement);
    const t = (name) => css.getPropertyValue("--" + name).trim();
    // Names repeat between counties, codes do not: a shape with a code is known by it.
    const key = (properties) => String(properties.code ?? properties.name);
    const field = shapes.features[0].properties.code === undefined ? "name" : "code";
    const words = new Map(shapes.features.map(({ properties: p }) => [key(p), p.words || p.name]));
    echarts.registerMap("towns", shapes);
    const chart = echarts.init(box, null, { renderer: "canvas" });
    // One place far above all others would leave the rest in one pale tone: the darkest begins at the 97th of a hundred.
    const counts = values.map((each) => each.value).sort((one, other) => one - other);
    const most = Math.max(4, counts[Math.floor((counts.length - 1) * .97)] || 0);
    const byCode = new Map(values.map((each) => [each.code, each]));
    const data = shapes.features.map(({ properties: p }) => {
      const found = byCode.get(key(p));
      return { name: key(p), value: found ? Math.min(found.value, most) : NaN, open: found ? found.value : 0, late: found ? found.late : 0 };
    });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      // HTML tooltips set inline styles, which the content policy forbids: richText is drawn on the canvas.
      tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: t("raised"), borderColor: t("line"),
        textStyle: { color: t("ink") },
        formatter: ({ name, data: d }) => `${words.get(name) || name}\n${box.dataset.label} ${d ? d.open : 0}  ${box.dataset.late} ${d ? d.late : 0}` },
      visualMap: { show: false, min: 1, max: most, inRange: { color: [t("heat-2"), t("heat-3"), t("heat-4"), t("heat-5")] }, outOfRange: { color: t("surface") } },
      series: [{ type: "map", map: "towns", roam: false, selectedMode: false, aspectScale: 1, nameProperty: field,
        layoutCenter: ["50%", "50%"], layoutSize: "98%",
        itemStyle: { areaColor: t("surface"), borderColor: t("line"), borderWidth: .8 }, label: { show: false },
        emphasis: { label: { show: false }, itemStyle: { areaColor: t("brand-soft"), borderColor: t("brand"), borderWidth: 2 } }, data }],
    });
    addEventListener("resize", () => chart.resize());
  }
})();
