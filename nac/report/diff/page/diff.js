"use strict";
// The page's state is its address: `#u=unit&m=message&v=slider&w=phone&k=markup&theme=dark&c=breaking,audience&ch=email&t=trigger&q=words`.
// What a message says comes only through cards, which were escaped where they were made; names go in as text.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const root = document.documentElement;
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("nac", { createHTML: (text) => text })
    : { createHTML: (text) => text };
  const CLASSES = ["breaking", "audience", "content", "cosmetic"];
  const MODES = ["split", "slider", "blend"];
  const SLICE = 300; // rows that are drawn at once
  const DESKTOP = 700; // how wide a mail client is drawn, in CSS pixels
  const units = data.units.map((one, number) => ({ ...one, number }));
  const view = { unit: null, message: 0, mode: "split", width: "desktop", markup: false, theme: "", classes: [], channel: "", trigger: "", words: "" };
  let written = null;
  let among = units;

  // — small helpers —
  const make = (tag, props, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props || {})) {
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.filter((one) => one != null));
    return made;
  };
  const icon = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const drawn = document.createElementNS(space, "svg");
    drawn.setAttribute("class", "icon");
    drawn.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", document.getElementById(`i-${name}`) ? `#i-${name}` : "#i-info");
    drawn.append(use);
    return drawn;
  };
  const card = (number) => {
    const inert = document.createElement("template");
    if (number != null) inert.innerHTML = policy.createHTML(data.cards[number].map((piece) => data.pieces[piece]).join(""));
    return document.importNode(inert.content, true);
  };
  const count = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

  // — the list: rows are made as far as they are looked at —
  const rows = new Map();
  const ICONS = { request: "file", people: "people", findings: "alert", samples: "stack", trigger: "pin" };
  let drawn = 0;
  let group = null;
  const row = (one) => {
    const cls = one.classes.find((each) => !view.classes.length || view.classes.includes(each)) || one.classes[0];
    const made = make("button", { type: "button", class: "sample", onclick: () => go({ unit: one }) },
      make("span", { class: `state is-${cls}`, title: cls }, make("span", { class: "hidden" }, `${cls}: `)),
      make("span", { class: "row-icon" }, icon(one.channel || ICONS[one.kind] || "info")),
      make("span", { class: "sample-name" }, make("span", { class: "row-title" }, one.title),
        one.about ? make("span", { class: "row-about" }, make("bdi", {}, one.about)) : null),
      one.kind === "message" && one.count > 1 ? make("span", { class: "sample-count", title: count(one.count, "message") }, `×${one.count.toLocaleString("en")}`) : null);
    if (one === view.unit) made.setAttribute("aria-current", "true");
    rows.set(one, made);
    return make("li", {}, made);
  };
  const extend = (upTo) => {
    const list = at("list");
    const end = Math.min(among.length, Math.max(upTo, drawn));
    for (; drawn < end; drawn += 1) {
      const one = among[drawn];
      if (!group || group.name !== one.trigger) {
        const ul = make("ul", {});
        const id = `group-${drawn}`;
        list.insertBefore(make("section", { class: "group", "aria-labelledby": id },
          make("h2", { class: "group-name", id, title: one.trigger }, make("bdi", {}, one.trigger)), ul), at("more"));
        group = { name: one.trigger, ul };
      }
      group.ul.append(row(one));
    }
    at("more").hidden = drawn >= among.length;
    at("more").textContent = `${count(among.length - drawn, "more change")}`;
  };
  const list = () => {
    rows.clear();
    drawn = 0;
    group = null;
    const whole = make("button", { type: "button", class: "sample is-overview", id: "overview", onclick: () => go({ unit: null }) },
      make("span", { class: "row-icon" }, icon("stack")), make("span", { class: "sample-name" }, "Overview"));
    const none = !among.length && units.length ? make("div", { class: "nothing" }, make("p", {}, "No change matches."),
      make("button", { type: "button", class: "quiet", onclick: everything }, "Clear the filters")) : null;
    at("list").replaceChildren(whole, ...(none ? [none] : []),
      make("button", { type: "button", class: "quiet more-rows", id: "more", onclick: () => extend(drawn + SLICE) }));
    extend(SLICE);
    watching.disconnect();
    watching.observe(at("more"));
    at("shown").textContent = among.length === units.length ? count(units.length, "change") : `${among.length.toLocaleString("en")} of ${count(units.length, "change")}`;
    at("clear").hidden = !narrowed();
  };
  const watching = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) extend(drawn + SLICE); }, { root: at("list"), rootMargin: "400px" });
  const narrowed = () => Boolean(view.classes.length || view.channel || view.trigger || view.words);
  const filter = () => {
    const words = view.words.trim().toLowerCase().split(/\s+/);
    among = units.filter((one) => (!view.classes.length || one.classes.some((each) => view.classes.includes(each)))
      && (!view.channel || one.channel === view.channel) && (!view.trigger || one.trigger === view.trigger)
      && words.every((word) => one.find.includes(word)));
    list();
  };
  const everything = () => go({ classes: [], channel: "", trigger: "", words: "" });

  // — the state —
  const address = () => {
    const parts = [];
    const add = (name, value) => value && parts.push(`${name}=${encodeURIComponent(value)}`);
    add("u", view.unit ? String(view.unit.number) : "");
    add("m", view.message ? String(view.message) : "");
    add("v", view.mode === "split" ? "" : view.mode);
    add("w", view.width === "phone" ? "phone" : "");
    add("k", view.markup ? "markup" : "");
    add("c", view.classes.join(","));
    add("ch", view.channel);
    add("t", view.trigger);
    add("q", view.words);
    add("theme", view.theme);
    return parts.length ? `#${parts.join("&")}` : "#";
  };
  const read = () => {
    const found = new URLSearchParams(location.hash.slice(1));
    view.unit = units[found.get("u") || -1] || null;
    view.message = settled(Number(found.get("m")) || 0);
    view.mode = MODES.includes(found.get("v")) ? found.get("v") : "split";
    view.width = found.get("w") === "phone" ? "phone" : "desktop";
    view.markup = found.get("k") === "markup";
    view.theme = ["light", "dark"].includes(found.get("theme")) ? found.get("theme") : "";
    view.classes = CLASSES.filter((one) => (found.get("c") || "").split(",").includes(one));
    view.channel = units.some((one) => one.channel === found.get("ch")) ? found.get("ch") : "";
    view.trigger = units.some((one) => one.trigger === found.get("t")) ? found.get("t") : "";
    view.words = found.get("q") || "";
    at("filter").value = view.words;
    filter();
    draw();
  };
  const settled = (number) => Math.max(0, Math.min(number, (view.unit ? view.unit.messages.length : 1) - 1)) || 0;
  const go = (change) => {
    const narrower = ["classes", "channel", "trigger", "words"].some((name) => name in change);
    if ("unit" in change && change.unit !== view.unit) { view.message = 0; document.body.classList.remove("is-open"); }
    Object.assign(view, change);
    view.message = settled(view.message);
    written = address();
    history.replaceState(null, "", written);
    if (narrower) {
      if (at("filter").value !== view.words) at("filter").value = view.words;
      filter();
    }
    draw();
  };

  // — drawing —
  const options = (select, values, now) => {
    select.replaceChildren(...values.map(([value, text]) => make("option", { value, selected: String(value) === String(now) }, text)));
    select.disabled = values.length < 2;
  };
  let shown = "";
  const unit = () => {
    const one = view.unit;
    const key = `${one ? one.number : "-"}/${view.message}`;
    if (key === shown) return;
    const same = shown.split("/")[0] === key.split("/")[0];
    shown = key;
    const message = one && one.messages[view.message];
    if (!same) {
      at("head").replaceChildren(...(one ? [make("p", { class: "eyebrow" }, make("bdi", {}, one.trigger))] : []), card(one ? one.head : data.overview));
      at("change").scrollTop = 0;
    }
    at("tools").hidden = at("compare").hidden = !message;
    at("words").replaceChildren(message ? card(message[3]) : "");
    at("markup").replaceChildren(message && message[4] != null ? card(message[4]) : make("p", { class: "muted" }, "No markup differs here, or this report was made without it."));
    at("places").replaceChildren(message ? card(message[5]) : "");
    const missing = (name, words) => make("article", { class: `layer is-${name} is-missing`, "aria-label": name },
      make("header", { class: "side-head" }, make("h3", {}, name[0].toUpperCase() + name.slice(1))),
      make("div", { class: "missing" }, icon("unsent"), make("p", {}, words)));
    at("layers").replaceChildren(...(message ? [
      message[1] == null ? missing("before", "There was no message here.") : card(message[1]),
      message[2] == null ? missing("after", "There is no message here any more.") : card(message[2]),
    ] : []));
    if (one) {
      options(at("message"), one.messages.map((each, number) => [number, each[0]]), view.message);
      at("nth").textContent = one.messages.length > 1 ? `${view.message + 1} of ${one.messages.length}` : "";
      at("previous").disabled = at("next").disabled = one.messages.length < 2;
    }
    fit();
  };
  // A mail client is drawn as wide as it is, and made smaller as a whole where there is less room.
  const fit = () => {
    const layer = at("layers").firstElementChild;
    if (!layer) return;
    const wide = layer.clientWidth - 40;
    if (wide > 0) at("compare").style.setProperty("--fit", String(Math.min(1, wide / DESKTOP).toFixed(4)));
  };
  const cut = () => at("compare").style.setProperty("--cut", `${at("cut").value}%`);
  const draw = () => {
    for (const [one, made] of rows) {
      if (one === view.unit) made.setAttribute("aria-current", "true");
      else made.removeAttribute("aria-current");
    }
    if (view.unit) at("overview").removeAttribute("aria-current");
    else at("overview").setAttribute("aria-current", "true");
    root.dataset.width = view.width;
    if (view.theme) root.dataset.theme = view.theme;
    else delete root.dataset.theme;
    const press = (name, now) => {
      for (const button of document.querySelectorAll(`[data-${name}-of]`)) button.setAttribute("aria-pressed", String(now(button.dataset[`${name}Of`])));
    };
    press("width", (value) => value === view.width);
    press("mode", (value) => value === view.mode);
    press("class", (value) => view.classes.includes(value));
    at("compare").dataset.mode = view.mode;
    at("cut").hidden = view.mode !== "slider";
    at("markup-toggle").setAttribute("aria-pressed", String(view.markup));
    unit();
    at("markup").hidden = !(view.markup && view.unit && view.unit.messages.length);
    for (const line of at("head").querySelectorAll("tr[data-class]")) line.hidden = view.classes.length > 0 && !view.classes.includes(line.dataset.class);
    at("channel").value = view.channel;
    at("trigger").value = view.trigger;
    at("said").textContent = view.unit ? `${view.unit.trigger}, ${view.unit.title}` : "Overview";
    fit();
  };

  // — what people do —
  const other = () => {
    const dark = view.theme ? view.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    go({ theme: dark ? "light" : "dark" });
  };
  const move = (by) => {
    if (!among.length) return;
    const now = among.indexOf(view.unit);
    const next = now < 0 ? (by > 0 ? 0 : among.length - 1) : (now + by + among.length) % among.length;
    extend(next + 20);
    const focused = document.activeElement && document.activeElement.classList.contains("sample");
    go({ unit: among[next] });
    rows.get(among[next]).scrollIntoView({ block: "nearest" });
    if (focused) rows.get(among[next]).focus({ preventScroll: true });
  };
  const message = (by) => {
    const all = view.unit ? view.unit.messages.length : 0;
    if (all) go({ message: (view.message + by + all) % all });
  };
  const mode = (name) => {
    if (!view.unit || !view.unit.messages.length) return;
    go({ mode: view.mode === name ? "split" : name });
    if (view.mode === "slider") at("cut").focus();
  };
  const pick = (cls) => {
    if (units.some((one) => one.classes.includes(cls))) go({ classes: view.classes.includes(cls) ? view.classes.filter((one) => one !== cls) : CLASSES.filter((one) => one === cls || view.classes.includes(one)) });
  };
  const open = (wide) => {
    document.body.classList.toggle("is-open", wide);
    at("list-toggle").setAttribute("aria-expanded", String(document.body.classList.contains("is-open")));
  };
  const keys = {
    j: () => move(1), k: () => move(-1), n: () => message(1), p: () => message(-1),
    s: () => mode("slider"), d: () => mode("blend"), m: () => go({ markup: !view.markup }),
    w: () => go({ width: view.width === "phone" ? "desktop" : "phone" }), t: other, o: () => go({ unit: null }),
    "/": () => { open(true); at("filter").focus(); at("filter").select(); },
    "?": () => at("keys").showModal(), 0: everything,
    1: () => pick(CLASSES[0]), 2: () => pick(CLASSES[1]), 3: () => pick(CLASSES[2]), 4: () => pick(CLASSES[3]),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    const on = event.target;
    if (on === at("filter")) {
      if (event.key === "Escape") { if (on.value) go({ words: "" }); else on.blur(); }
      else if (event.key === "Enter" && among.length) { go({ unit: among[0] }); on.blur(); }
      else if (event.key === "ArrowDown" && among.length) rows.get(among[0]).focus();
      else return;
      event.preventDefault();
      return;
    }
    if (on.closest("select, textarea")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  at("filter").addEventListener("input", () => go({ words: at("filter").value }));
  at("channel").addEventListener("change", (event) => go({ channel: event.target.value }));
  at("trigger").addEventListener("change", (event) => go({ trigger: event.target.value }));
  at("message").addEventListener("change", (event) => go({ message: Number(event.target.value) }));
  at("previous").addEventListener("click", () => message(-1));
  at("next").addEventListener("click", () => message(1));
  at("clear").addEventListener("click", everything);
  at("theme").addEventListener("click", other);
  at("help").addEventListener("click", () => at("keys").showModal());
  at("keys").addEventListener("click", (event) => event.target === at("keys") && at("keys").close());
  at("list-toggle").addEventListener("click", () => open());
  at("skip").addEventListener("click", (event) => { event.preventDefault(); at("change").focus(); });
  at("markup-toggle").addEventListener("click", () => go({ markup: !view.markup }));
  at("cut").addEventListener("input", cut);
  for (const button of document.querySelectorAll("[data-width-of]")) button.addEventListener("click", () => go({ width: button.dataset.widthOf }));
  for (const button of document.querySelectorAll("[data-mode-of]")) button.addEventListener("click", () => go({ mode: button.dataset.modeOf }));
  for (const button of document.querySelectorAll("[data-class-of]")) button.addEventListener("click", () => pick(button.dataset.classOf));
  at("board").addEventListener("click", (event) => {
    const first = event.target.closest("[data-unit]");
    if (first) go({ unit: units[Number(first.dataset.unit)] });
    // What is opened on one side is opened on the other, so that the same stands beside the same.
    const tab = event.target.closest("[data-tab]");
    if (tab) {
      const named = (one) => one.textContent.replace(/ \d+$/, "");
      for (const set of at("layers").querySelectorAll(".tabs")) {
        const twin = [...set.querySelectorAll("[data-tab]")].find((one) => named(one) === named(tab));
        if (!twin) continue;
        for (const one of set.querySelectorAll("[data-tab]")) one.setAttribute("aria-pressed", String(one === twin));
        for (const pane of set.querySelectorAll("[data-pane]")) pane.hidden = pane.dataset.pane !== twin.dataset.tab;
      }
    }
    const grow = event.target.closest(".grow");
    if (grow) {
      const tall = grow.getAttribute("aria-pressed") !== "true";
      for (const one of at("layers").querySelectorAll(".grow")) {
        one.setAttribute("aria-pressed", String(tall));
        one.closest(".mail-body").classList.toggle("is-tall", tall);
      }
    }
  });
  addEventListener("hashchange", () => { if (location.hash !== written) read(); });
  new ResizeObserver(fit).observe(at("compare"));

  const channels = [...new Set(units.map((one) => one.channel).filter(Boolean))];
  options(at("channel"), [["", "All channels"], ...channels.map((one) => [one, data.names[one] || one])], "");
  options(at("trigger"), [["", "All triggers"], ...[...new Set(units.map((one) => one.trigger))].map((one) => [one, one])], "");
  cut();
  read();
})();
