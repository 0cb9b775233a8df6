"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  const radios = document.querySelectorAll('input[name="language"]');
  const speak = () => {
    const chosen = [...radios].find((radio) => radio.checked);
    if (!chosen) return;
    root.lang = chosen.value === "zh" ? "zh-CN" : "en";
    const title = root.dataset[chosen.value];
    if (title) document.title = title;
  };
  for (const radio of radios) radio.addEventListener("change", speak);
  speak();

  const findings = [...document.querySelectorAll(".finding")];
  const boxes = [...document.querySelectorAll(".filters input")];
  const status = document.getElementById("shown-count");
  const filter = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const finding of findings) {
      const keep = wanted.has(finding.dataset.severity);
      finding.hidden = !keep;
      shown += keep ? 1 : 0;
    }
    for (const spot of document.querySelectorAll(".spot")) spot.hidden = !spot.querySelector(".finding:not([hidden])");
    if (status) status.textContent = `${shown} / ${findings.length}`;
  };
  for (const box of boxes) box.addEventListener("change", filter);
  if (boxes.length) filter();

  let at = -1;
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.classList.contains("finding")) return;
    if (target.hidden) {
      const box = boxes.find((one) => one.value === target.dataset.severity);
      if (box) { box.checked = true; filter(); }
    }
    at = findings.indexOf(target);
    target.focus();
  };
  window.addEventListener("hashchange", reveal);
  reveal();

  const step = (by) => {
    for (let next = at + by; next >= 0 && next < findings.length; next += by) {
      if (findings[next].hidden) continue;
      at = next;
      const first = findings[at].previousElementSibling;
      (first && first.tagName === "BLOCKQUOTE" ? first : findings[at]).scrollIntoView({ block: "start" });
      findings[at].focus({ preventScroll: true });
      return;
    }
  };

  const dialog = document.getElementById("help");
  const enabled = document.getElementById("keys-on");
  const help = () => { if (dialog) { if (dialog.open) dialog.close(); else dialog.showModal(); } };
  const opener = document.getElementById("open-help");
  if (opener) opener.addEventListener("click", help);
  const closer = document.getElementById("close-help");
  if (closer) closer.addEventListener("click", help);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !enabled) return;
    if (event.target.closest && event.target.closest("select, textarea")) return;
    if (!enabled.checked) return;
    if (event.key === "?") { event.preventDefault(); help(); }
    else if (dialog && dialog.open) return;
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });
})();
