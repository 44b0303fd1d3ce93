"use strict";
// The page's state is its address: `#s=trigger/sample&r=recipient&l=locale&t=tenant&c=channel&w=phone&theme=dark`.
// What a message says comes only through cards, which were escaped where they were made; names go in as text.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const root = document.documentElement;
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("nac", { createHTML: (text) => text })
    : { createHTML: (text) => text };
  const taken = new Map();
  const samples = data.samples.map((one) => {
    const key = `${one.name}/${one.event}`;
    taken.set(key, (taken.get(key) || 0) + 1);
    return { ...one, key: taken.get(key) > 1 ? `${key}/${taken.get(key)}` : key };
  });
  const view = { sample: samples[0], reader: null, locale: "", tenant: "", channel: "", width: "desktop", theme: "" };
  let wanted = {};
  let written = null;

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
  const unique = (list) => [...new Set(list)];
  const step = (list, now, by) => list[(list.indexOf(now) + by + list.length) % list.length];
  const worst = (previews) =>
    ["dropped", "warning", "ok"].find((state) => previews.some((one) => one[4] === state)) || "unsent";
  const card = (number) => {
    const inert = document.createElement("template");
    inert.innerHTML = policy.createHTML(data.cards[number].map((piece) => data.pieces[piece]).join(""));
    return document.importNode(inert.content, true);
  };
  const dot = (state) => {
    const said = { dropped: "dropped", warning: "worth a look", unsent: "not sent" }[state];
    return make("span", { class: `state is-${state}`, title: said }, said ? make("span", { class: "hidden" }, `, ${said}`) : null);
  };

  // — the list of samples —
  const rows = new Map();
  const list = () => {
    const groups = new Map();
    for (const one of samples) {
      if (!groups.has(one.name)) groups.set(one.name, []);
      groups.get(one.name).push(one);
    }
    const found = [...groups].map(([name, members], number) => {
      const entries = members.map((one) => {
        const people = one.readers.length + one.more;
        const row = make("button", { type: "button", class: "sample", onclick: () => go({ sample: one }) },
          dot(worst(one.readers.flatMap((reader) => reader.previews))),
          make("span", { class: "sample-name" }, one.event),
          make("span", { class: "sample-count", title: `${people.toLocaleString("en")} recipient${people === 1 ? "" : "s"}` },
            people.toLocaleString("en"), make("span", { class: "hidden" }, people === 1 ? " recipient" : " recipients")));
        rows.set(one, row);
        return make("li", {}, row);
      });
      return make("section", { class: "group", "aria-labelledby": `group-${number}` },
        make("h2", { class: "group-name", id: `group-${number}`, title: name }, name), make("ul", {}, ...entries));
    });
    at("samples").replaceChildren(...found, make("div", { class: "nothing", id: "nothing", hidden: true }));
  };
  const visible = () => samples.filter((one) => !rows.get(one).parentNode.hidden);
  const filter = () => {
    const words = at("filter").value.trim().toLowerCase().split(/\s+/);
    for (const [one, row] of rows) {
      const text = `${one.name} ${one.event} ${one.template}`.toLowerCase();
      row.parentNode.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = !group.querySelector("li:not([hidden])");
    }
    const none = !visible().length && samples.length > 0;
    at("nothing").hidden = !none;
    at("nothing").replaceChildren(...(none ? [
      make("p", {}, "No sample matches “", make("bdi", {}, at("filter").value.trim()), "”."),
      make("button", { type: "button", class: "quiet", onclick: clear }, "Clear the filter"),
    ] : []));
  };
  const clear = () => {
    at("filter").value = "";
    filter();
    at("filter").focus();
  };

  // — the state —
  const settle = () => {
    // What was asked for, or the nearest there is.
    const readers = view.sample ? view.sample.readers : [];
    view.reader = readers.find((one) => one.identity === wanted.reader) || readers[0] || null;
    const previews = view.reader ? view.reader.previews : [];
    const tenants = unique(previews.map((one) => one[2]));
    view.tenants = tenants;
    view.tenant = tenants.includes(wanted.tenant) ? wanted.tenant : tenants[0] || "";
    view.locales = unique(previews.filter((one) => one[2] === view.tenant).map((one) => one[1]));
    view.locale = view.locales.includes(wanted.locale) ? wanted.locale : view.locales[0] || "";
    const channels = view.sample ? view.sample.channels.map((one) => one[0]) : [];
    view.channel = channels.includes(wanted.channel) ? wanted.channel : "";
  };
  const address = () => {
    const parts = [];
    const add = (name, value) => value && parts.push(`${name}=${encodeURIComponent(value)}`);
    if (view.sample) add("s", view.sample.key);
    if (view.reader) add("r", view.reader.identity);
    add("l", view.locale);
    add("t", view.tenant);
    if (!view.tenant && view.tenants[0]) parts.push("t="); // no tenant, where the trigger names one
    add("c", view.channel);
    add("w", view.width === "phone" ? "phone" : "");
    add("theme", view.theme);
    return parts.length ? `#${parts.join("&")}` : "#";
  };
  const read = () => {
    const found = new URLSearchParams(location.hash.slice(1));
    view.sample = samples.find((one) => one.key === found.get("s")) || samples[0];
    wanted = { reader: found.get("r"), locale: found.get("l"), tenant: found.get("t"), channel: found.get("c") };
    view.width = found.get("w") === "phone" ? "phone" : "desktop";
    view.theme = ["light", "dark"].includes(found.get("theme")) ? found.get("theme") : "";
    settle();
    draw();
    if (view.sample) rows.get(view.sample).scrollIntoView({ block: "nearest" });
  };
  const go = (change) => {
    const { sample, width, theme, ...rest } = change;
    if (sample) view.sample = sample;
    if (width) view.width = width;
    if (theme) view.theme = theme;
    wanted = { reader: view.reader && view.reader.identity, locale: view.locale, tenant: view.tenant, channel: wanted.channel, ...wanted, ...rest };
    settle();
    written = address();
    history.replaceState(null, "", written);
    draw();
  };

  // — drawing —
  const options = (select, values, now, name) => {
    select.replaceChildren(...values.map(([value, text]) => make("option", { value, selected: value === now }, text)));
    select.disabled = values.length < 2;
    if (!values.length) select.append(make("option", {}, name));
  };
  const chips = (previews) => {
    if (!view.sample) return at("channels").replaceChildren();
    const chip = (channel, name, key, mark) => make("button",
      { type: "button", class: "chip", "aria-pressed": String(view.channel === channel), title: `${name} (${key})`,
        "data-channel": channel || "all", onclick: () => go({ channel }) },
      channel ? icon(channel) : null, make("span", {}, name), mark);
    const focused = document.activeElement && document.activeElement.dataset.channel;
    at("channels").replaceChildren(chip("", "All channels", "0", make("span", { class: "chip-count" }, String(view.sample.channels.length))),
      ...view.sample.channels.map(([channel, name], number) => {
        const state = worst(previews.filter((one) => one[0] === channel));
        return chip(channel, name, String(number + 1), state === "ok" ? null : dot(state));
      }));
    if (focused) [...at("channels").children].find((one) => one.dataset.channel === focused)?.focus();
  };
  const empty = (title, words) => make("div", { class: "empty" }, icon("empty"), make("h3", {}, title), make("p", {}, words));
  let drawn = "";
  const board = (previews) => {
    const asked = previews.filter((one) => !view.channel || one[0] === view.channel);
    const key = [view.sample && view.sample.key, view.sample && view.sample.findings, ...asked.map((one) => one[3])].join("|");
    if (key === drawn) return;
    drawn = key;
    const found = [];
    if (!view.sample) found.push(empty("Nothing to preview", "No trigger has a sample yet."));
    else {
      if (view.sample.findings != null) found.push(card(view.sample.findings));
      if (!view.sample.channels.length) found.push(empty("No template", `There is no template “${view.sample.template}” with a channel in it.`));
      else if (!view.reader) found.push(empty("No recipients", "This sample reaches nobody, so nobody reads anything."));
      else if (!asked.length) found.push(empty("No preview", "There is no preview of this channel for this recipient."));
    }
    // An email, or a card by itself, has room for what is known about it at its side.
    const beside = (one) => one[4] !== "unsent" && (one[0] === "email" || asked.length === 1);
    const wide = asked.filter(beside);
    const rest = asked.filter((one) => !beside(one));
    const rail = (shown) => {
      const foot = shown.querySelector(".card-foot");
      if (foot) shown.firstElementChild.classList.add("has-rail");
      if (foot && foot.querySelector(".why") && matchMedia("(min-width: 1240px)").matches) foot.querySelector(".why").open = true;
      return shown;
    };
    at("board").replaceChildren(...found, ...wide.map((one) => rail(card(one[3]))),
      ...(rest.length ? [make("div", { class: "flow" }, ...rest.map((one) => card(one[3])))] : []));
    at("board").classList.toggle("is-single", asked.length === 1);
  };
  const draw = () => {
    const { sample, reader } = view;
    const here = reader ? reader.previews.filter((one) => one[1] === view.locale && one[2] === view.tenant) : [];
    for (const [one, row] of rows) {
      if (one === sample) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    at("trigger").textContent = sample ? sample.name : "";
    at("sample").textContent = sample ? sample.event : "Nothing to preview";
    const readers = sample ? sample.readers : [];
    options(at("recipient"), readers.map((one) => [one.identity, one.shown]), reader && reader.identity, "Nobody");
    options(at("locale"), view.locales.map((one) => [one, one]), view.locale, "–");
    options(at("tenant"), view.tenants.map((one) => [one, one || "No tenant"]), view.tenant, "–");
    at("previous").disabled = at("next").disabled = readers.length < 2;
    const more = sample && sample.more ? `${sample.more.toLocaleString("en")} more recipients are not shown` : "";
    at("via").replaceChildren(...[
      reader && reader.via ? make("span", { title: "The selector that found this recipient" }, "via ", make("bdi", {}, reader.via)) : null,
      more ? make("span", { class: "more" }, more) : null].filter(Boolean));
    root.dataset.width = view.width;
    if (view.theme) root.dataset.theme = view.theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-width-of]")) {
      button.setAttribute("aria-pressed", String(button.dataset.widthOf === view.width));
    }
    chips(here);
    board(here);
    at("said").textContent = sample ? [sample.name, sample.event, reader && reader.shown, view.locale, view.tenant].filter(Boolean).join(", ") : "";
  };

  // — what people do —
  const other = () => {
    const dark = view.theme ? view.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    go({ theme: dark ? "light" : "dark" });
  };
  const move = (by) => {
    const among = visible();
    if (!among.length) return;
    const next = among.includes(view.sample) ? step(among, view.sample, by) : among[0];
    go({ sample: next });
    rows.get(next).scrollIntoView({ block: "nearest" });
    if (rows.get(next).parentNode.parentNode.contains(document.activeElement) || document.activeElement.classList.contains("sample")) rows.get(next).focus();
  };
  const person = (by) => view.reader && go({ reader: step(view.sample.readers, view.reader, by).identity });
  const keys = {
    j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1),
    "]": () => person(1), "[": () => person(-1), ArrowRight: () => person(1), ArrowLeft: () => person(-1),
    l: () => view.locales.length && go({ locale: step(view.locales, view.locale, 1) }),
    o: () => view.tenants.length && go({ tenant: step(view.tenants, view.tenant, 1) }),
    w: () => go({ width: view.width === "phone" ? "desktop" : "phone" }),
    t: other,
    "/": () => { open(true); at("filter").focus(); at("filter").select(); },
    "?": () => at("keys").showModal(),
    0: () => go({ channel: "" }),
  };
  const open = (wide) => {
    document.body.classList.toggle("is-open", wide);
    at("samples-toggle").setAttribute("aria-expanded", String(document.body.classList.contains("is-open")));
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    const on = event.target;
    if (on === at("filter")) {
      if (event.key === "Escape") { if (on.value) clear(); else on.blur(); }
      else if (event.key === "Enter" && visible().length) { go({ sample: visible()[0] }); on.blur(); }
      else if (event.key === "ArrowDown" && visible().length) rows.get(visible()[0]).focus();
      else return;
      event.preventDefault();
      return;
    }
    if (on.closest("input, select, textarea")) return;
    if (event.key.startsWith("Arrow") && on.closest("pre, ol, [tabindex='0']")) return; // these scroll by themselves
    const nth = /^[1-9]$/.test(event.key) && view.sample && view.sample.channels[event.key - 1];
    const act = nth ? () => go({ channel: nth[0] === view.channel ? "" : nth[0] }) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  at("filter").addEventListener("input", filter);
  at("recipient").addEventListener("change", (event) => go({ reader: event.target.value }));
  at("locale").addEventListener("change", (event) => go({ locale: event.target.value }));
  at("tenant").addEventListener("change", (event) => go({ tenant: event.target.value }));
  at("previous").addEventListener("click", () => person(-1));
  at("next").addEventListener("click", () => person(1));
  at("theme").addEventListener("click", other);
  at("help").addEventListener("click", () => at("keys").showModal());
  at("keys").addEventListener("click", (event) => event.target === at("keys") && at("keys").close());
  at("samples-toggle").addEventListener("click", () => open());
  at("samples").addEventListener("click", () => open(false));
  at("skip").addEventListener("click", (event) => { event.preventDefault(); at("previews").focus(); });
  for (const button of document.querySelectorAll("[data-width-of]")) {
    button.addEventListener("click", () => go({ width: button.dataset.widthOf }));
  }
  at("board").addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) {
      const set = tab.closest(".tabs");
      for (const one of set.querySelectorAll("[data-tab]")) one.setAttribute("aria-pressed", String(one === tab));
      for (const pane of set.querySelectorAll("[data-pane]")) pane.hidden = pane.dataset.pane !== tab.dataset.tab;
    }
    const grow = event.target.closest(".grow");
    if (grow) {
      const tall = grow.closest(".mail-body").classList.toggle("is-tall");
      grow.setAttribute("aria-pressed", String(tall));
    }
  });
  addEventListener("hashchange", () => { if (location.hash !== written) read(); });

  list();
  filter();
  read();
})();
