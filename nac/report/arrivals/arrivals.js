"use strict";
// What arrived is asked for again and again, with a cursor: the answer says "same" while nothing happens. A record's
// cards are asked for when it is looked at. Cards are HTML that was escaped where it was made; all else goes in as text.
// One file, because the policy of the page allows one script. The state of the page is its address:
// `#r=record&p=recipient&s=state&n=workflow&c=channel&w=phone&theme=dark`.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const root = document.documentElement;
  const policy = window.trustedTypes
    ? window.trustedTypes.createPolicy("nac", { createHTML: (text) => text })
    : { createHTML: (text) => text };
  const POLL = 700; // milliseconds between two answers
  const LONGEST = 120_000; // characters of a request that are shown here
  const STATES = ["", "delivered", "duplicate", "rejected"];
  const number = (value) => value.toLocaleString("en");
  const view = { record: 0, reader: 0, state: "", workflow: "", channel: "", width: "desktop", theme: "", follow: true };
  let list = { records: [], workflows: [], channels: [], count: {}, matching: 0, kept: 0 };
  let seen = "";
  let written = null;
  let shown = null; // the record that is drawn, as it was answered
  let turn = 0; // of asking for a record: an answer that comes late is let go

  // — small helpers —
  const make = (tag, props, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props || {})) {
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((one) => one != null));
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
  const markup = (html) => {
    const inert = document.createElement("template");
    inert.innerHTML = policy.createHTML(html);
    return document.importNode(inert.content, true);
  };
  const coded = (text) => text.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));
  const step = (all, now, by) => all[(all.indexOf(now) + by + all.length) % all.length];
  const clock = (time) => new Date(time).toLocaleTimeString("en-GB");
  const title = (one) => one.name || one.path;
  const ask = async (path) => {
    const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(30_000) });
    if (!answer.ok) throw Object.assign(new Error(`${answer.status}`), { status: answer.status });
    return answer.json();
  };

  // — the list —
  const rows = new Map();
  const about = (one) =>
    one.state === "rejected" ? one.why : one.state === "duplicate" ? `same key as record ${one.duplicate_of}` : one.who;
  const row = (one) => {
    const said = { delivered: "delivered", duplicate: "duplicate", rejected: "rejected" }[one.state];
    return make("button", { type: "button", class: `row is-${one.state}`, "data-record": one.id, onclick: () => open(one.id) },
      make("span", { class: `state is-${one.state}`, title: said }, make("span", { class: "hidden" }, `${said}: `)),
      make("span", { class: one.name ? "row-name" : "row-name is-unknown", title: title(one) }, make("bdi", {}, title(one))),
      make("time", { class: "row-time", datetime: one.time }, clock(one.time)),
      make("span", { class: "row-who", title: about(one) }, make("bdi", {}, about(one))),
      make("span", { class: "row-id" }, `#${one.id}`));
  };
  // How many messages of a record's first recipient would be dropped. Asked for one record after the other, and only
  // while nothing arrives.
  const dropped = new Map();
  const PROBING = 400; // milliseconds between two answers that are spent on it
  let probing = false;
  const warn = (record) => {
    const entry = rows.get(record)?.firstChild;
    if (!entry || !dropped.get(record) || entry.querySelector(".row-dropped")) return;
    entry.querySelector(".row-who").prepend(make("span", { class: "row-dropped",
      title: "A variable is missing: SuprSend would drop these messages for the first recipient" }, `${dropped.get(record)} dropped`), " ");
  };
  const judged = (record, cards) => {
    dropped.set(record, cards.filter((one) => one.state === "dropped").length);
    warn(record);
  };
  const probe = async () => {
    if (probing) return;
    probing = true;
    const now = seen, until = performance.now() + PROBING;
    for (const one of list.records) {
      if (one.state !== "delivered" || !one.template || dropped.has(one.id)) continue;
      if (document.hidden || performance.now() > until) break;
      const found = await ask(`/requests/${one.id}/preview?reader=0`).catch(() => ({ cards: [] }));
      if (now !== seen) break;
      judged(one.id, found.cards);
    }
    probing = false;
  };
  const rename = (select, name, values, now) => {
    const wanted = [["", name], ...values];
    const key = JSON.stringify([wanted, now]);
    if (select.dataset.key === key) return;
    if (document.activeElement === select && select.dataset.key) return; // it may be open: next time
    select.dataset.key = key;
    if (now && !values.some(([value]) => value === now)) wanted.push([now, data.names[now] || now]);
    select.replaceChildren(...wanted.map(([value, text]) => make("option", { value, selected: value === now }, text)));
    select.disabled = wanted.length < 2;
  };
  const filtered = () => Boolean(view.state || view.workflow || view.channel);
  const draw = () => {
    const focused = document.activeElement?.dataset?.record;
    const before = rows.size;
    const wanted = new Map(list.records.map((one) => [one.id, one]));
    for (const id of rows.keys()) if (!wanted.has(id)) rows.delete(id);
    let fresh = 0;
    const entries = list.records.map((one) => {
      let entry = rows.get(one.id);
      if (!entry) {
        entry = make("li", {}, row(one));
        if (before && fresh++ < 30) entry.firstChild.classList.add("is-new");
        rows.set(one.id, entry);
        warn(one.id);
      }
      const current = one.id === view.record;
      if (current) entry.firstChild.setAttribute("aria-current", "true");
      else entry.firstChild.removeAttribute("aria-current");
      return entry;
    });
    const now = [...at("rows").children];
    if (entries.length !== now.length || entries.some((one, place) => one !== now[place])) {
      const scrolled = at("rows").scrollTop, first = now.find((one) => one.offsetTop >= scrolled);
      const was = first && first.offsetTop;
      at("rows").replaceChildren(...entries);
      // What is being read stays where it is, unless the newest is what is being read.
      if (scrolled > 8 && first && first.isConnected) at("rows").scrollTop = scrolled + first.offsetTop - was;
      if (focused) rows.get(Number(focused))?.firstChild.focus({ preventScroll: true });
    }
    counts();
    rename(at("workflow"), "All workflows", list.workflows.map((one) => [one, one]), view.workflow);
    rename(at("channel"), "All channels", list.channels.map((one) => [one, data.names[one] || one]), view.channel);
    at("clear").hidden = !filtered();
    const some = list.records.length;
    const lost = total() - list.kept;
    at("shown").textContent = !some ? "" : [
      some < list.matching ? `the newest ${number(some)} of ${number(list.matching)}` : `${number(some)} record${some === 1 ? "" : "s"}`,
      lost > 0 ? `${number(lost)} older forgotten` : ""].filter(Boolean).join(" · ");
    at("nothing").hidden = some > 0;
    if (!some) at("nothing").replaceChildren(...(list.kept
      ? [make("p", {}, "No record matches."), make("button", { type: "button", class: "quiet", onclick: clear }, "Clear filters")]
      : [make("p", {}, "Nothing has arrived yet.")]));
  };
  const total = () => (list.count.accepted || 0) + (list.count.rejected || 0);
  const counts = () => {
    const figures = { ...list.count, records: total() };
    for (const name of ["calls", "accepted", "records", "delivered", "duplicates", "rejected", "keyless"]) {
      const value = figures[name] || 0;
      at(`count-${name}`).textContent = number(value);
      at(`count-${name}`).parentNode.classList.toggle("is-none", value === 0);
    }
    for (const tile of document.querySelectorAll("[data-state-of]")) {
      tile.setAttribute("aria-pressed", String(tile.dataset.stateOf === view.state));
    }
  };

  // — asking —
  let last = null; // the count and time of the last answer, for the rate
  const live = (state, word) => {
    at("live").className = `live is-${state}`;
    at("live-word").textContent = word;
  };
  const rate = () => {
    const now = performance.now();
    const made = last && total() >= last.total ? (total() - last.total) / ((now - last.time) / 1000) : 0;
    last = { total: total(), time: now };
    live("live", made >= 1 ? `live · ${number(Math.round(made))} a second` : "live");
  };
  let waiting = 0;
  let asking = false;
  const poll = async () => {
    clearTimeout(waiting);
    if (asking || document.hidden) return;
    asking = true;
    const query = new URLSearchParams();
    for (const name of ["state", "workflow", "channel"]) if (view[name]) query.set(name, view[name]);
    const wanted = query.toString();
    if (seen) query.set("seen", seen);
    try {
      const found = await ask(`/arrivals?${query}`);
      if (!found.same && wanted === current()) {
        const other = seen && (seen.split("-")[0] !== found.at.split("-")[0] || list.cleared !== found.cleared);
        const project = seen.split("-")[3] !== found.at.split("-")[3];
        if (other || project) { rows.clear(); dropped.clear(); }
        if (other) shown = null;
        const before = other ? { workflows: [], channels: [] } : list;
        for (const name of ["workflows", "channels"]) {
          found[name] = [...new Set([...before[name], ...found[name]])].slice(0, 300).sort();
        }
        seen = found.at;
        list = found;
        settle(other || project);
        draw();
      }
      rate();
      if (found.same) probe();
    } catch {
      live("lost", "no connection");
      last = null;
    }
    asking = false;
    waiting = setTimeout(poll, POLL);
  };
  const current = () => {
    const query = new URLSearchParams();
    for (const name of ["state", "workflow", "channel"]) if (view[name]) query.set(name, view[name]);
    return query.toString();
  };
  const settle = (again) => {
    // What to show after the list has changed.
    const ids = list.records.map((one) => one.id);
    const newest = ids[0] || 0;
    if (view.follow && newest && newest !== view.record) return look(newest, 0);
    if (!total()) { view.record = 0; shown = null; return empty(); }
    if (!view.record && newest) return look(newest, 0);
    if (again && view.record) return look(view.record, view.reader, true);
    if (!view.record) empty();
  };

  // — one record —
  const look = async (record, reader, again) => {
    if (!again && shown && shown.id === record && (shown.reader || 0) === reader) return;
    view.record = record;
    view.reader = reader;
    mark();
    const mine = ++turn;
    at("board").classList.add("is-waiting");
    try {
      const [found, whole] = await Promise.all([ask(`/requests/${record}/preview?reader=${reader}`), ask(`/requests/${record}`)]);
      if (mine !== turn) return;
      found.body = whole.body;
      const open = shown && shown.id === record ? at("board").querySelector(".request")?.open : false;
      shown = found;
      view.reader = found.reader || 0;
      picture(open);
    } catch (error) {
      if (mine !== turn) return;
      shown = null;
      at("top").hidden = true;
      at("board").replaceChildren(blank("Not here any more", error.status === 404
        ? `Record ${record} is not kept any more: only the newest are.` : "The sandbox does not answer, or failed: see its log."));
    }
    at("board").classList.remove("is-waiting");
    address();
  };
  const mark = () => {
    for (const [id, entry] of rows) {
      if (id === view.record) entry.firstChild.setAttribute("aria-current", "true");
      else entry.firstChild.removeAttribute("aria-current");
    }
  };
  const blank = (head, ...words) => make("div", { class: "empty" }, icon("empty"), make("h3", {}, head), words.map((one) => (typeof one === "string" ? make("p", {}, one) : one)));
  const empty = () => {
    at("top").hidden = true;
    at("board").replaceChildren(blank("Nothing has arrived yet", "What is sent to this sandbox appears here as it arrives. In another terminal:",
      make("pre", { tabindex: "0", role: "group", "aria-label": "Commands" },
        `export SUPRSEND_BASE_URL=${location.origin}/ SUPRSEND_WORKSPACE_KEY=sandbox SUPRSEND_WORKSPACE_SECRET=sandbox-secret\nnac dispatch new_comment --sample 'two comments' --yes`)));
  };
  const told = (kind, drawing, head, ...words) =>
    make("section", { class: `told is-${kind}`, "aria-label": head }, icon(drawing), make("div", {}, make("strong", {}, head), ...words));
  const stories = (one) => {
    if (one.state === "rejected") {
      const [status, ...rest] = one.why.split(": ");
      const reasons = rest.join(": ").split("; ");
      const known = one.kind ? "Nobody is told" : "No such address";
      return told("rejected", "alert", `Rejected with ${status}`, reasons.length > 1
        ? make("ul", {}, reasons.map((reason) => make("li", {}, ...coded(reason)))) : make("p", {}, ...coded(reasons[0])),
      make("p", { class: "hidden" }, known));
    }
    if (one.state === "duplicate") {
      const first = one.duplicate_of;
      return told("duplicate", "info", "Not delivered again", make("p", {}, "It has the same idempotency key as ",
        make("button", { type: "button", class: "link", onclick: () => open(first) }, `record ${first}`), ", accepted less than 24 hours before."));
    }
    return one.says ? told("note", "info", one.template ? "About this template" : "No preview", make("p", {}, ...coded(one.says))) : null;
  };
  const coloured = (text) => {
    // JSON with its keys, texts and numbers marked. Each piece goes in as text.
    const made = document.createDocumentFragment();
    const pieces = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)|([^"\-\dtfn]+|.)/gs;
    if (text.length > 20_000) { made.append(text); return made; }
    for (const [whole, string, colon, figure] of text.matchAll(pieces)) {
      if (string) made.append(make("span", { class: colon ? "k" : "s" }, string), colon || "");
      else if (figure) made.append(make("span", { class: "n" }, figure));
      else made.append(whole);
    }
    return made;
  };
  const request = (one, wide) => {
    const text = JSON.stringify(one.body, null, 2);
    const cut = text.length > LONGEST;
    return make("details", { class: "request", open: wide },
      make("summary", {}, icon("file"), "Request", make("span", { class: "muted" }, `${number(text.length)} characters`)),
      make("pre", { tabindex: "0", role: "group", "aria-label": "JSON of the request" }, coloured(text.slice(0, LONGEST))),
      cut ? make("p", { class: "cut" }, "Cut here. The whole: ", make("a", { href: `/requests/${one.id}` }, `/requests/${one.id}`)) : null);
  };
  const picture = (wide) => {
    const one = shown;
    at("top").hidden = false;
    const kind = { workflow: "Workflow", dynamic: "Dynamic workflow", broadcast: "Broadcast" }[one.kind] || "Refused call";
    at("eyebrow").textContent = [kind, `record ${one.id}`, `call ${one.call}`, clock(one.time),
      one.auth ? { bearer: "API key", hmac: "signed" }[one.auth] : null].filter(Boolean).join(" · ");
    const dropped = one.cards.filter((each) => each.state === "dropped").length;
    at("name").replaceChildren(make("bdi", {}, title(one)), make("span", { class: `pill is-${one.state}` }, one.state),
      ...(dropped ? [make("span", { class: "pill is-rejected", title: "A variable is missing: SuprSend would drop these messages" },
        `${dropped === one.cards.length ? "all" : dropped} dropped`)] : []));
    const readers = one.readers || [];
    at("recipient").replaceChildren(...readers.map((name, place) => make("option", { value: place, selected: place === (one.reader || 0) }, name)));
    at("recipient").disabled = readers.length < 2;
    at("previous").disabled = at("next").disabled = readers.length < 2;
    at("recipient").closest(".field").hidden = !readers.length;
    at("width").hidden = !one.cards.length;
    const field = (name) => (one.body && typeof one.body[name] === "string" ? one.body[name].slice(0, 300) : "");
    const facts = [
      readers.length > 1 ? ["", `${one.reader + 1} of ${readers.length} recipients`] : null,
      ["template ", one.template && one.cards.length ? one.template : ""],
      ["tenant ", field("tenant_id") || field("brand_id")],
      ["key ", field("$idempotency_key")],
    ].filter((each) => each && each[1]);
    at("via").replaceChildren(...facts.map(([word, text]) => make("span", { title: text }, word, make("bdi", {}, text))));
    at("via").closest(".top-row").hidden = !readers.length && !facts.length;
    chips();
    const cards = one.cards.filter((each) => !picked() || each.channel === picked());
    const beside = (each) => each.state !== "unsent" && (each.channel === "email" || cards.length === 1);
    const wrapped = (each) => {
      const made = markup(each.html);
      if (beside(each)) {
        const foot = made.querySelector(".card-foot");
        if (foot) made.firstElementChild.classList.add("has-rail");
      }
      return made;
    };
    const rest = cards.filter((each) => !beside(each));
    const without = !one.cards.length;
    at("board").classList.toggle("is-single", cards.length === 1);
    at("board").replaceChildren(...[stories(one), one.findings ? markup(one.findings) : null].filter(Boolean),
      ...cards.filter(beside).map(wrapped),
      ...(rest.length ? [make("div", { class: "flow" }, rest.map(wrapped))] : []),
      ...(one.body === null ? [] : [request(one, wide || without)]));
    at("said").textContent = `${kind} ${title(one)}, record ${one.id}: ${one.state}`;
  };
  const picked = () => (shown && shown.cards.some((one) => one.channel === view.channel) ? view.channel : "");
  const chips = () => {
    const cards = shown.cards;
    const chip = (channel, name, key, mark) => make("button",
      { type: "button", class: "chip", "aria-pressed": String(picked() === channel), title: `${name} (${key})`, "data-channel": channel || "all",
        onclick: () => only(channel) }, channel ? icon(channel) : null, make("span", {}, name), mark);
    const focused = document.activeElement?.dataset?.channel;
    at("chips").hidden = cards.length < 2;
    at("top").classList.toggle("has-chips", cards.length > 1);
    at("chips").replaceChildren(chip("", "All channels", "0", make("span", { class: "chip-count" }, String(cards.length))),
      ...cards.map((one, place) => {
        const said = { dropped: "dropped", warning: "worth a look", unsent: "not sent" }[one.state];
        return chip(one.channel, data.names[one.channel] || one.channel, String(place + 1),
          said ? make("span", { class: `state is-${one.state}`, title: said }, make("span", { class: "hidden" }, `, ${said}`)) : null);
      }));
    if (focused) [...at("chips").children].find((one) => one.dataset.channel === focused)?.focus();
  };

  // — the state —
  const address = () => {
    const parts = [];
    const add = (name, value) => value && parts.push(`${name}=${encodeURIComponent(value)}`);
    if (!view.follow) { add("r", view.record); add("p", view.reader); }
    add("s", view.state);
    add("n", view.workflow);
    add("c", view.channel);
    add("w", view.width === "phone" ? "phone" : "");
    add("theme", view.theme);
    written = parts.length ? `#${parts.join("&")}` : "#";
    if (location.hash !== written && (location.hash || written !== "#")) history.replaceState(null, "", written);
  };
  const read = () => {
    const found = new URLSearchParams(location.hash.slice(1));
    const whole = (name) => (/^\d{1,15}$/.test(found.get(name)) ? Number(found.get(name)) : 0);
    view.state = STATES.includes(found.get("s")) ? found.get("s") : "";
    view.workflow = found.get("n") || "";
    view.channel = found.get("c") in data.names ? found.get("c") : "";
    view.width = found.get("w") === "phone" ? "phone" : "desktop";
    view.theme = ["light", "dark"].includes(found.get("theme")) ? found.get("theme") : "";
    dress();
    if (whole("r")) { follow(false); look(whole("r"), whole("p")); }
    seen = "";
    poll();
  };
  const dress = () => {
    root.dataset.width = view.width;
    if (view.theme) root.dataset.theme = view.theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-width-of]")) {
      button.setAttribute("aria-pressed", String(button.dataset.widthOf === view.width));
    }
  };
  const narrow = (change) => {
    Object.assign(view, change);
    address();
    seen = "";
    counts();
    at("rows").scrollTop = 0;
    again();
    if (shown) picture(at("board").querySelector(".request")?.open);
  };
  const again = async () => {
    while (asking) await new Promise((done) => setTimeout(done, 20));
    poll();
  };
  const only = (channel) => narrow({ channel: channel === view.channel ? "" : channel });
  const clear = () => narrow({ state: "", workflow: "", channel: "" });
  const follow = (on) => {
    view.follow = on;
    at("follow").setAttribute("aria-pressed", String(on));
    if (on && list.records[0]) look(list.records[0].id, 0);
    if (on) at("rows").scrollTop = 0;
    address();
  };
  const open = (record) => {
    follow(false);
    document.body.classList.add("is-record");
    look(record, 0);
    if (matchMedia("(max-width: 820px)").matches) scrollTo(0, 0);
  };
  const back = () => {
    document.body.classList.remove("is-record");
    rows.get(view.record)?.firstChild.focus();
  };

  // — what people do —
  const move = (by) => {
    const ids = list.records.map((one) => one.id);
    if (!ids.length) return;
    const place = ids.indexOf(view.record);
    const next = ids[place < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, place + by))];
    const inside = at("rows").contains(document.activeElement);
    follow(false);
    look(next, 0);
    const button = rows.get(next)?.firstChild;
    button?.scrollIntoView({ block: "nearest" });
    if (inside) button?.focus();
  };
  const person = (by) => {
    const many = shown ? (shown.readers || []).length : 0;
    if (many < 2) return;
    follow(false);
    look(shown.id, (view.reader + by + many) % many);
  };
  const other = () => {
    const dark = view.theme ? view.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    view.theme = dark ? "light" : "dark";
    dress();
    address();
  };
  const width = (to) => {
    view.width = to;
    dress();
    address();
  };
  const keys = {
    j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1),
    "]": () => person(1), "[": () => person(-1), ArrowRight: () => person(1), ArrowLeft: () => person(-1),
    f: () => follow(!view.follow), a: () => narrow({ state: "" }), d: () => narrow({ state: "delivered" }),
    u: () => narrow({ state: "duplicate" }), x: () => narrow({ state: "rejected" }),
    w: () => width(view.width === "phone" ? "desktop" : "phone"), t: other,
    "/": () => at("workflow").focus(), "?": () => at("keys").showModal(), 0: () => narrow({ channel: "" }),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open || at("sure").open) return;
    const on = event.target;
    if (on.closest("input, select, textarea")) {
      if (event.key === "Escape") on.blur();
      return;
    }
    if (event.key.startsWith("Arrow") && on.closest("pre, ol.mail-links, [tabindex='0']")) return; // these scroll by themselves
    const nth = /^[1-9]$/.test(event.key) && shown && shown.cards[event.key - 1];
    const act = nth ? () => only(nth.channel) : Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
  at("workflow").addEventListener("change", (event) => narrow({ workflow: event.target.value }));
  at("channel").addEventListener("change", (event) => narrow({ channel: event.target.value }));
  at("recipient").addEventListener("change", (event) => { follow(false); look(shown.id, Number(event.target.value)); });
  at("previous").addEventListener("click", () => person(-1));
  at("next").addEventListener("click", () => person(1));
  at("theme").addEventListener("click", other);
  at("follow").addEventListener("click", () => follow(!view.follow));
  at("back").addEventListener("click", back);
  at("clear").addEventListener("click", clear);
  at("help").addEventListener("click", () => at("keys").showModal());
  at("keys").addEventListener("click", (event) => event.target === at("keys") && at("keys").close());
  at("forget").addEventListener("click", () => at("sure").showModal());
  at("sure").addEventListener("close", async () => {
    if (at("sure").returnValue !== "yes") return;
    at("sure").returnValue = "";
    await fetch("/requests", { method: "DELETE" }).catch(() => null);
    follow(true);
    again();
  });
  at("skip").addEventListener("click", (event) => { event.preventDefault(); at("record").focus(); });
  for (const tile of document.querySelectorAll("[data-state-of]")) {
    tile.addEventListener("click", () => narrow({ state: tile.dataset.stateOf }));
  }
  for (const button of document.querySelectorAll("[data-width-of]")) {
    button.addEventListener("click", () => width(button.dataset.widthOf));
  }
  at("board").addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) {
      const set = tab.closest(".tabs");
      for (const one of set.querySelectorAll("[data-tab]")) one.setAttribute("aria-pressed", String(one === tab));
      for (const pane of set.querySelectorAll("[data-pane]")) pane.hidden = pane.dataset.pane !== tab.dataset.tab;
    }
    const grow = event.target.closest(".grow");
    if (grow) grow.setAttribute("aria-pressed", String(grow.closest(".mail-body").classList.toggle("is-tall")));
  });
  document.addEventListener("visibilitychange", () => !document.hidden && poll());
  addEventListener("hashchange", () => { if (location.hash !== written) read(); });

  empty();
  read();
})();
