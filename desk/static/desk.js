// Lyhörd's desk: keys, live refresh and small comforts. Every page works without it.
"use strict";
(() => {
  const KEYS = "lyhord.tangenter";
  const EVERY = 20000;
  const page = document.body.dataset.sida || "";
  const keysOn = () => { try { return localStorage.getItem(KEYS) !== "av"; } catch { return true; } };
  const writing = (el) => el && (el.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(el.tagName)
    && !["checkbox", "radio", "submit", "button"].includes(el.type));

  // One key acts only where it is switched on (WCAG 2.1.4), never while somebody writes.
  const switches = [...document.querySelectorAll("[data-tangenter]")];
  for (const box of switches) {
    box.checked = keysOn();
    box.addEventListener("change", () => {
      try { localStorage.setItem(KEYS, box.checked ? "på" : "av"); } catch { /* private window */ }
      for (const other of switches) other.checked = box.checked;
    });
  }

  // After a refusal the reader stands at the field it is about, or else at the words; after a preview the letter comes into view.
  const problem = document.getElementById("hinder");
  const preview = document.getElementById("granska");
  const wrong = document.querySelector('[aria-describedby~="fel"]');
  const done = document.querySelector(".besked[role=status]");
  if (problem) (wrong || problem).focus();
  else if (preview && page === "svara") {
    // Who left something out begins there; who took a letter back wants to change it, and to see that it is back.
    const field = document.querySelector("#brevform [aria-invalid]") || (done && document.querySelector("#brevform [name^=f_]"));
    // Once the page stands: a browser that goes to a part of the page takes focus with it.
    if (field) window.addEventListener("load", () => window.setTimeout(() => field.focus()));
    else { preview.focus({ preventScroll: true }); preview.scrollIntoView({ block: "start" }); }
  }

  // Who did something stands where it is said, before the page's own parts, and hears it.
  const stand = () => { done.tabIndex = -1; done.focus({ preventScroll: true }); };
  if (done && !problem && !preview && page !== "ko" && !location.hash && !document.querySelector("[autofocus]")) stand();

  // On a telephone the menu's strip begins at its first page: bring the one that is open into view.
  for (const open of document.querySelectorAll(".meny > ul [aria-current]")) {
    const strip = open.closest("ul");
    strip.scrollLeft = open.offsetLeft - strip.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
  }

  // What is folded beside the menu is unfolded where it lies over the page: one tap less.
  const rest = document.getElementById("mer");
  if (rest) rest.addEventListener("beforetoggle", () => { for (const group of rest.querySelectorAll("details")) group.open = true; });

  // A letter in a frame can be scrolled with the keys, but no style sheet is told that the frame has focus.
  const frames = document.querySelectorAll("iframe.ram");
  const mark = () => { for (const frame of frames) frame.classList.toggle("i-fokus", frame === document.activeElement); };
  if (frames.length) for (const moved of ["blur", "focus"]) window.addEventListener(moved, () => window.setTimeout(mark));

  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // What opens in a tab of its own may be asked for again.
    if (form.method !== "post" || (event.submitter && event.submitter.formTarget === "_blank")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  // Files that are too large are known before they have gone up, and with them what was written beside.
  for (const field of document.querySelectorAll("[data-megabyte]")) {
    field.addEventListener("change", () => {
      const size = [...field.files].reduce((sum, file) => sum + file.size, 0) / 1e6, most = Number(field.dataset.megabyte);
      field.setCustomValidity(size > most ? `Filerna är ${Math.ceil(size)} MB tillsammans. Högst ${most} MB går: välj mindre filer, eller färre.` : "");
      field.reportValidity();
    });
  }
  // What was written and not sent is not lost by a click beside it; what is kept as a draft needs no question.
  const WRITTEN = "form[method=post]:has(textarea):not([data-utkast]:not([data-osparat])) :is(textarea, input:not([type]))";
  let sending = null;
  document.addEventListener("submit", (event) => { sending = event.submitter?.formTarget ? null : event.target; });
  window.addEventListener("beforeunload", (event) => {
    const unsent = (field) => field.value !== field.defaultValue && field.form !== sending;
    if ([...document.querySelectorAll(WRITTEN)].some(unsent)) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  // ---- Lists ----
  // A case leads back to the list it was opened from, as that was narrowed and turned, and a decision to the same queue.
  const LIST = "lyhord.lista";
  const fromCase = document.referrer.startsWith(`${location.origin}/arenden/`);
  if (page === "ko" || page === "lista") {
    const here = new URL(location.href);
    here.searchParams.delete("angra");
    try { sessionStorage.setItem(LIST, JSON.stringify([here.pathname, here.search, document.querySelector("h1").textContent])); } catch { /* private window */ }
  }
  const leadBack = (path, query, name) => {
    const place = document.getElementById("tillbaka"), link = place.querySelector("a");
    link.href = path + query;
    link.querySelector("span").textContent = name;
    place.hidden = false;
    const routing = document.getElementById("fordela");
    if (routing && path === "/att-fordela") routing.querySelector("[name=fraga]").value = query.slice(1);
  };
  if (page === "arende") {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(LIST)); } catch { /* private window */ }
    if (kept) leadBack(...kept);
  }

  // ---- The queue ----
  const queue = document.getElementById("ko");
  const PLACE = "lyhord.plats";
  const rows = () => [...(queue ? queue.querySelectorAll(".brev") : [])];
  let current = "";
  const select = (row, focus = true) => {
    for (const other of rows()) other.classList.toggle("vald-rad", other === row);
    current = row ? row.id : "";
    if (row && page === "ko") try { sessionStorage.setItem(PLACE, JSON.stringify([row.id, row.nextElementSibling?.id || ""])); } catch { /* private window */ }
    if (row && focus) {
      row.querySelector(".brev-lank").focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
  };
  // Back from a letter, or once it is confirmed, one goes on there or at the next; a queue opened anew begins at its first.
  const place = () => {
    if (!done && !fromCase && performance.getEntriesByType("navigation")[0]?.type === "navigate") return rows()[0];
    let ids = [];
    try { ids = JSON.parse(sessionStorage.getItem(PLACE) || "[]"); } catch { /* private window */ }
    return rows().find((row) => row.id === ids[0]) || rows().find((row) => row.id === ids[1]) || rows()[0];
  };
  const selected = () => document.getElementById(current);
  const move = (step) => {
    const all = rows();
    const at = all.indexOf(selected());
    const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    if (next) select(next);
  };
  const ticked = () => [...queue.querySelectorAll(".brev-val input:checked")];
  const count = () => { document.getElementById("valda").textContent = ticked().length ? ` (${ticked().length})` : ""; };
  const press = (row, selector) => { const el = row && row.querySelector(selector); if (el) el.click(); };
  const undo = () => { document.getElementById("angra")?.click(); };
  // What is taken back is what one goes on with.
  if (page === "ko") document.getElementById("angra")?.form.addEventListener("submit", (event) => {
    const first = String(new FormData(event.target).get("val") || "").split(":")[0];
    if (first) try { sessionStorage.setItem(PLACE, JSON.stringify([`b-${first}`, current])); } catch { /* private window */ }
  });
  const queueKeys = {
    z: undo,
    j: () => move(1),
    k: () => move(-1),
    x: () => press(selected(), ".brev-val input"),
    c: () => press(selected(), ".bekrafta button"),
    b: () => press(selected(), ".bekrafta button"),
    v: () => { if (ticked().length) document.querySelector("#flera button").click(); },
    g: () => { if (ticked().length) document.querySelector("#flera [formaction]").click(); },
    Enter: (event) => { if ([document.body, document.getElementById("innehall")].includes(event.target)) press(selected(), ".brev-lank"); else return false; return true; },
  };
  if (queue) {
    queue.addEventListener("change", count);
    count();
    queue.addEventListener("focusin", (event) => {
      const row = event.target.closest(".brev");
      if (row) select(row, false);
    });
    // A letter is chosen for the keys. Who just did something gets focus there too, and hears what was done; only
    // after the page stands, for a browser that goes to a part of the page takes focus with it.
    if (page === "ko" && rows().length) select(place(), false);
    if (page === "ko" && done) {
      window.addEventListener("load", () => window.setTimeout(() => {
        const row = selected(), link = row?.querySelector(".brev-lank");
        if (queue.contains(document.activeElement)) return;
        if (!link || !keysOn()) { stand(); return; }
        done.id = "besked";
        link.setAttribute("aria-describedby", done.id);
        link.focus({ preventScroll: true });
        if (row !== rows()[0]) row.scrollIntoView({ block: "nearest" });
      }));
    }
  }

  // New letters appear by themselves; what is ticked, focused and read stays where it was.
  const refresh = async () => {
    if (document.hidden) return;
    const kept = new Set(ticked().map((box) => box.value));
    const focused = document.activeElement && queue.contains(document.activeElement)
      ? { row: document.activeElement.closest(".brev")?.id, tag: document.activeElement.className } : null;
    const answer = await fetch(queue.dataset.hamta, { headers: { "X-Requested-With": "lyhord" }, redirect: "manual" });
    if (answer.status === 401 || answer.type === "opaqueredirect") { location.reload(); return; }
    if (!answer.ok) return;
    const html = await answer.text();
    if (html.trim() === queue.innerHTML.trim() || html === queue.dataset.senast) return;
    queue.dataset.senast = html;
    queue.innerHTML = html;
    for (const box of queue.querySelectorAll(".brev-val input")) if (kept.has(box.value)) box.checked = true;
    count();
    const list = queue.querySelector(".ko"), waiting = list?.dataset.antal || "0";
    document.title = document.title.replace(/^(\(\d+\+?\) )?/, waiting !== "0" ? `(${waiting}) ` : "");
    const said = document.getElementById("antal");
    if (said) said.textContent = list?.dataset.ord || "";
    // The number in the menu is of all that waits, so only a list that nothing narrows tells it.
    const told = document.querySelector('.meny a[href="/att-fordela"] .menytal');
    if (told && queue.dataset.hamta.endsWith("?")) {
      const number = parseInt(waiting, 10);
      told.hidden = !number;
      told.firstElementChild.textContent = number > 99 ? "99+" : String(number);
    }
    const row = (focused && document.getElementById(focused.row)) || document.getElementById(current);
    if (row) select(row, false);
    if (focused && focused.row) {
      const target = row || rows()[0];
      if (target) select(target);
    }
  };
  if (queue && queue.dataset.hamta) window.setInterval(() => { refresh().catch(() => {}); }, EVERY);
  if (queue) window.lyhordRefresh = refresh;

  // ---- The case ----
  // What takes long to find comes after the page, in place of the link to it; empty where nothing was found.
  for (const place of document.querySelectorAll("[data-efter]")) {
    fetch(place.dataset.efter, { headers: { "X-Requested-With": "lyhord" }, redirect: "manual" })
      .then((answer) => (answer.ok ? answer.text() : null))
      .then((html) => { if (html !== null) { place.innerHTML = html; place.dataset.klar = "1"; } })
      .catch(() => { /* the link stays */ });
  }
  const caseKeys = {
    b: () => { const button = document.getElementById("bekrafta"); if (button) button.click(); },
    s: () => { const link = document.getElementById("svara"); if (link) link.click(); },
    z: undo,
    a: () => { const field = document.getElementById("anteckning"); if (field) lead(field); },
  };
  for (const radio of document.querySelectorAll("[data-snabb]")) {
    caseKeys[radio.dataset.snabb] = () => { radio.checked = true; radio.focus(); document.getElementById("annan_enhet").value = ""; };
    radio.addEventListener("change", () => { document.getElementById("annan_enhet").value = ""; });
  }

  // ---- Svara: a figure chooses the letter ----
  const answerKeys = {};
  for (const link of document.querySelectorAll("[data-siffra]")) answerKeys[link.dataset.siffra] = () => link.click();

  // A question mark shows the keys, wherever one is, and closes them again; while they are read none acts on what lies behind.
  const list = document.getElementById("tangentlista");
  const shown = () => Boolean(list?.showPopover) && list.matches(":popover-open");
  const showKeys = () => {
    if (!list?.showPopover) return;
    list.togglePopover();
    if (shown()) list.querySelector("button").focus();
  };

  // Escape leads back from a field that a key led to.
  let led = { to: null, from: null };
  const lead = (field) => { led = { to: field, from: document.activeElement }; field.focus(); };
  const leave = (event) => {
    if (event.target !== led.to || event.isComposing || (led.to.type === "search" && led.to.value)) return;
    const back = led.from !== document.body && led.from.isConnected ? led.from : document.getElementById("innehall");
    back.focus({ preventScroll: true });
  };

  const keys = page === "ko" ? queueKeys : page === "arende" ? caseKeys : page === "svara" ? answerKeys : {};
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { leave(event); return; }
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (event.key === "?") { event.preventDefault(); showKeys(); return; }
    if (shown()) return;
    if (event.key === "/") { const field = document.getElementById("snabbsok"); if (field) { event.preventDefault(); lead(field); } return; }
    const act = keys[event.key];
    if (act && act(event) !== false) event.preventDefault();
  });

  // ---- A letter one writes is kept as a draft while one types; two keys show it and send it ----
  const letter = document.getElementById("brevform");
  if (letter && letter.dataset.utkast) {
    const state = document.getElementById("utkastlage");
    let timer = 0;
    let asked = 0;
    const send = async () => {
      const data = new FormData(letter);
      data.delete("gor");
      const body = new URLSearchParams(data);
      // A browser lets 64 kB outlive the page.
      const keepalive = String(body).length < 60000;
      const answer = await fetch(letter.dataset.utkast, { method: "POST", body, redirect: "manual", keepalive });
      if (answer.status === 401) return "Du har blivit utloggad. Kopiera texten innan du loggar in igen.";
      return answer.ok ? `${await answer.text()} Bara du ser det.` : "";
    };
    const keep = async () => {
      const mine = ++asked;
      timer = 0;
      const said = await send().catch(() => "");
      if (mine !== asked) return;
      letter.toggleAttribute("data-osparat", !said.startsWith("Utkastet är sparat"));
      state.textContent = said || "Utkastet kunde inte sparas. Kopiera texten innan du lämnar sidan.";
    };
    const later = () => {
      letter.dataset.andrat = "1";
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, 1000);
    };
    for (const field of letter.querySelectorAll("[name^=f_]")) field.addEventListener("input", later);
    // What the button does keeps the text by itself; a late draft must not come after it.
    letter.addEventListener("submit", () => { window.clearTimeout(timer); timer = 0; asked += 1; });
    // Who leaves within the second takes the last words along.
    window.addEventListener("pagehide", () => { if (timer) { window.clearTimeout(timer); keep(); } });
  }
  if (letter) {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      const send = !letter.dataset.andrat && (document.getElementById("skicka") || document.getElementById("skrivut"));
      const button = send || document.getElementById("visa");
      if (button) { event.preventDefault(); button.click(); }
    });
  }

  // ---- A sent letter can be taken back until it leaves ----
  for (const form of document.querySelectorAll("[data-sekunder]")) {
    window.setTimeout(() => { form.closest(".angra").hidden = true; }, Math.min(Number(form.dataset.sekunder) * 1000, 2147483647));
  }

  // ---- A new case: the suggestion while one types ----
  const fresh = document.getElementById("nytt");
  if (fresh && fresh.dataset.forslag) {
    const place = document.getElementById("forslag");
    let timer = 0;
    const ask = async () => {
      const data = new URLSearchParams();
      for (const name of ["csrf", "text", "amne"]) data.set(name, fresh.elements[name].value);
      const answer = await fetch(fresh.dataset.forslag, { method: "POST", body: data });
      if (answer.ok) place.innerHTML = await answer.text();
    };
    fresh.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(() => { ask().catch(() => {}); }, 700); });
  }
  const anonymous = document.getElementById("anonym");
  const sender = document.querySelector("[data-avsandare]");
  if (anonymous && sender) {
    const show = () => { sender.hidden = anonymous.checked; };
    anonymous.addEventListener("change", show);
    show();
  }
})();
