// Brevmallar: the letter as it will look, a moment after the last key. Without this the button does it.
"use strict";
(() => {
  const form = document.getElementById("mall");
  const frame = document.getElementById("prov");
  if (!form || !frame) return;
  const fields = [...form.querySelectorAll("input[name=amne], textarea")];
  const state = () => fields.map((field) => field.value).join("\u0000");
  let shown = state();
  let waiting = 0;
  const show = () => {
    if (state() === shown) return;
    shown = state();
    // A form of its own, sent into the frame: the page's own answers and policy do the rest.
    const copy = document.createElement("form");
    copy.method = "post";
    copy.action = form.dataset.prova;
    copy.target = "prov";
    copy.hidden = true;
    for (const field of form.querySelectorAll("input, textarea")) {
      const twin = document.createElement("textarea");
      twin.name = field.name;
      twin.value = field.value;
      copy.append(twin);
    }
    document.body.append(copy);
    copy.submit();
    copy.remove();
  };
  form.addEventListener("input", () => { window.clearTimeout(waiting); waiting = window.setTimeout(show, 700); });
})();
