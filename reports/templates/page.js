"use strict";
// Four small helpers: the colour button, the series selector, the reading line of a chart, and
// the unpacking of large CSV files.
(() => {
  const root = document.documentElement;

  const theme = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  const remembered = () => {
    try { return localStorage.getItem("valueops-theme"); } catch { return null; }
  };
  const setTheme = (name) => {
    root.dataset.theme = name;
    theme.querySelector("span").textContent = name;
    theme.setAttribute("aria-label", "Colours: " + (name === "auto" ? "as the system" : name));
    try { localStorage.setItem("valueops-theme", name); } catch { /* private window */ }
  };
  if (themes.includes(remembered())) setTheme(remembered());
  theme.addEventListener("click", () => {
    setTheme(themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length]);
  });

  const select = document.getElementById("series");
  const show = () => {
    for (const article of document.querySelectorAll("article.series")) {
      article.hidden = article.id !== select.value;
      if (article.hidden) continue;
      for (const item of document.querySelectorAll(".gpus-only")) {
        item.hidden = article.dataset.measure !== "gpus";
      }
    }
  };
  if (select) {
    select.addEventListener("change", show);
    show();
  }

  const number = (value) => {
    const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
    return value.toLocaleString("en-US", { maximumFractionDigits: digits });
  };
  const describe = (points, unit, index) => {
    const value = (thousandths) => number(thousandths * points.top / 1000);
    const when = new Date((points.start + index) * 3600000).toUTCString().slice(0, 22) + " UTC";
    const past = points.past.length;
    if (index < past) {
      const seen = points.past[index];
      const held = points.held.length ? points.held[index] : null;
      return when + ": " + (seen === null ? "not known" : value(seen) + " " + unit + " seen")
        + (held === null ? "" : ", " + value(held) + " held");
    }
    const names = ["50 %", "80 %", "90 %", "95 %", "99 %"];
    const ahead = points.ahead.map((line, i) => names[i] + ": " + value(line[index - past]));
    return when + ": " + unit + " at " + ahead.join(" · ");
  };
  for (const plot of document.querySelectorAll(".plot[data-points]")) {
    const reader = plot.querySelector(".reader");
    const reading = plot.parentElement.querySelector(".reading");
    const summary = reading.textContent;
    let parsed = null;
    let index = 0;
    const points = () => (parsed = parsed || JSON.parse(plot.dataset.points));
    const last = () => points().past.length + points().ahead[0].length - 1;
    const read = (wanted) => {
      index = Math.max(0, Math.min(last(), wanted));
      reader.hidden = false;
      reader.style.left = (100 * index / Math.max(1, last())) + "%";
      reading.textContent = describe(points(), plot.dataset.unit, index);
    };
    const stop = () => {
      reader.hidden = true;
      reading.textContent = summary;
    };
    const at = (event) => {
      const box = plot.getBoundingClientRect();
      read(Math.round((event.clientX - box.left) / box.width * last()));
    };
    plot.addEventListener("pointermove", at);
    plot.addEventListener("pointerdown", at);
    plot.addEventListener("pointerleave", stop);
    plot.addEventListener("blur", stop);
    plot.addEventListener("focus", () => {
      if (reader.hidden) read(points().past.length);
    });
    plot.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 24, ArrowDown: -24, PageUp: 168, PageDown: -168 };
      if (event.key in steps) read(index + steps[event.key]);
      else if (event.key === "Home") read(0);
      else if (event.key === "End") read(last());
      else return;
      event.preventDefault();
    });
  }

  // Without this script a large file is saved as it travels: .csv.gz.
  const unpack = async (href) => {
    const packed = Uint8Array.from(atob(href.split(",")[1]), (sign) => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Blob([await new Response(stream).arrayBuffer()], { type: "text/csv" });
  };
  if ("DecompressionStream" in window) {
    for (const link of document.querySelectorAll("a[data-packed]")) {
      const name = link.download.replace(/\.gz$/, "");
      link.addEventListener("click", async (event) => {
        if (!("packed" in link.dataset)) return;
        event.preventDefault();
        const address = URL.createObjectURL(await unpack(link.href));
        delete link.dataset.packed;
        link.href = address;
        link.download = name;
        link.click();
      });
    }
  }
})();
