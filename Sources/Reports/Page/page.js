(() => {
  "use strict";

  /** An element with properties, attributes (with a hyphen or "role") and children. */
  const make = (name, properties, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key.includes("-") || key === "role" || key === "scope") element.setAttribute(key, value);
      else element[key] = value;
    }
    element.append(...children);
    return element;
  };

  // Colours: as the system has them, or as chosen; kept where the browser lets us.
  const theme = document.getElementById("theme");
  const applyTheme = (name) => {
    if (name) document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
  };
  try { theme.value = localStorage.getItem("mole-theme") || ""; } catch { /* no storage */ }
  applyTheme(theme.value);
  theme.addEventListener("change", () => {
    applyTheme(theme.value);
    try { localStorage.setItem("mole-theme", theme.value); } catch { /* no storage */ }
  });

  // One task instead of all, in every table that has tasks.
  const filter = document.getElementById("task-filter");
  filter.addEventListener("change", () => {
    for (const row of document.querySelectorAll("tr[data-task]")) {
      row.hidden = filter.value !== "" && row.dataset.task !== filter.value;
    }
    document.dispatchEvent(new CustomEvent("task", { detail: filter.value }));
  });
  document.getElementById("controls").hidden = false;

  // Headings that sort: up, down, and as it was.
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.sort === undefined) return cell.textContent.trim();
    return cell.dataset.sort === "" ? null : Number(cell.dataset.sort);
  };
  const compare = (a, b, sign) => {
    // What says nothing stands last, whichever way.
    if (a === null || b === null) return (a === null) - (b === null);
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * String(a).localeCompare(String(b), "en", { numeric: true });
  };
  const sortable = (table) => {
    const body = table.tBodies[0];
    const original = Array.from(body.rows);
    const headings = Array.from(table.tHead.rows[0].cells);
    headings.forEach((heading, column) => {
      const button = make("button", { type: "button" }, ...heading.childNodes);
      heading.append(button);
      const first = heading.classList.contains("number") ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      button.addEventListener("click", () => {
        const before = heading.getAttribute("aria-sort");
        const now = before === first ? second : before === second ? null : first;
        for (const other of headings) other.removeAttribute("aria-sort");
        if (now) heading.setAttribute("aria-sort", now);
        const sign = now === "descending" ? -1 : 1;
        const rows = now
          ? original.slice().sort((a, b) => compare(keyOf(a, column), keyOf(b, column), sign))
          : original;
        body.append(...rows);
      });
    });
  };
  document.querySelectorAll("table.sortable").forEach(sortable);

  // Paper shows what is folded.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) {
      details.open = true;
      details.dataset.folded = "";
    }
  });
  addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-folded]")) {
      details.open = false;
      delete details.dataset.folded;
    }
  });

  const source = document.getElementById("episode-data");
  if (!source) return;
  const { episodes, pictures } = JSON.parse(source.textContent);
  const viewer = document.getElementById("viewer");
  if (!viewer || episodes.length === 0) return;

  // The viewer: an episode is chosen by policy, task and number; policies share tasks and numbers,
  // so that changing one leaves the others as they are where that episode is there.
  const choices = { policy: "", task: "", episode: "" };
  let [current, step] = [episodes[0], 0];
  const policyOf = (episode) => (severalRuns ? `${episode.run}: ${episode.policy}` : episode.policy);
  const severalRuns = new Set(episodes.map((episode) => episode.run)).size > 1;
  const distinct = (values) => Array.from(new Set(values));

  const select = (name, label) => {
    const element = make("select", { id: `viewer-${name}` });
    element.addEventListener("change", () => { choices[name] = element.value; choose(); });
    return { element, label: make("label", {}, `${label} `, element) };
  };
  const selects = {
    policy: select("policy", "Policy"), task: select("task", "Task"),
    episode: select("episode", "Episode"),
  };
  const fill = (name, values) => {
    selects[name].element.replaceChildren(
      ...values.map((value) => make("option", { value, textContent: value })));
    if (!values.includes(choices[name])) choices[name] = values[0];
    selects[name].element.value = choices[name];
  };
  const choose = () => {
    fill("policy", distinct(episodes.map(policyOf)));
    const ofPolicy = episodes.filter((episode) => policyOf(episode) === choices.policy);
    fill("task", distinct(ofPolicy.map((episode) => episode.task)));
    const ofTask = ofPolicy.filter((episode) => episode.task === choices.task);
    fill("episode", ofTask.map((episode) => episode.episode));
    current = ofTask.find((episode) => episode.episode === choices.episode);
    step = 0;
    show();
  };

  const back = make("button", { type: "button", "aria-label": "Step back" }, "←");
  const forth = make("button", { type: "button", "aria-label": "Step on" }, "→");
  const where = make("output", { "aria-live": "polite" });
  const told = make("p", { className: "told" });
  const picture = make("img", { className: "picture" });
  const film = make("div", { className: "film" });
  const seen = make("div", {}, picture, film);
  const facts = make("p", { className: "facts" });
  const tables = make("div", {});
  const stage = make("div", { className: "stage" }, seen, make(
    "div", {}, make("div", { className: "go" }, back, where, forth), tables));
  viewer.append(
    make("div", { className: "choose" }, ...Object.values(selects).map((one) => one.label)),
    told, stage,
    make("p", { className: "hint" }, "Left and right arrow keys step; Home and End go to the ends."));

  // After the last step comes the end, where it has a picture.
  const last = () => Math.max(current.steps.length, current.pictures.length, 1) - 1;
  const go = (to) => { step = Math.min(last(), Math.max(0, to)); show(); };
  back.addEventListener("click", () => go(step - 1));
  forth.addEventListener("click", () => go(step + 1));
  viewer.addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLSelectElement || event.altKey || event.ctrlKey) return;
    const to = { ArrowLeft: step - 1, ArrowRight: step + 1, Home: 0, End: last() }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });

  const units = [
    ["Δx", "cm", 100, 1], ["Δy", "cm", 100, 1], ["Δz", "cm", 100, 1],
    ["roll", "°", 180 / Math.PI, 0], ["pitch", "°", 180 / Math.PI, 0],
    ["yaw", "°", 180 / Math.PI, 0],
  ];
  const number = (value, scale, digits) =>
    value === null || value === undefined ? "–" : (value * scale).toFixed(digits);
  const gripper = (value) =>
    value === null || value === undefined ? "–" : value >= 0.5 ? "open" : "closed";
  const large = (count) => {
    for (const [size, prefix] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (count >= size) return `${(count / size).toFixed(count / size < 10 ? 2 : 1)} ${prefix}`;
    }
    return `${count} `;
  };
  const time = (seconds) => (seconds < 1 ? `${(seconds * 1e3).toFixed(1)} ms` : `${seconds.toFixed(2)} s`);

  const actions = (query) => {
    if (query.action.length === 0 && !query.demonstrated) return make("p", {}, "No action.");
    const rows = [["policy", query.action]];
    if (query.demonstrated) rows.push(["demonstrated", query.demonstrated]);
    const values = (action) => units.map(([, , scale, digits], axis) =>
      make("td", { className: "number" }, number(action[axis], scale, digits)))
      .concat(make("td", { className: "number" }, gripper(action[6])));
    const heading = (text) => make("th", { scope: "col", className: "number" }, text);
    return make("div", { className: "scroll" }, make("table", {},
      make("caption", {}, query.demonstrated ? "Action against the demonstration" : "Action"),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, ""),
        ...units.map(([name, unit]) => heading(`${name} ${unit}`)), heading("gripper"))),
      make("tbody", {}, ...rows.map(([name, action]) =>
        make("tr", {}, make("th", { scope: "row" }, name), ...values(action))))));
  };

  const layers = () => {
    if (current.layerCount === 0) return make("p", { className: "facts" }, "A script: no layers, no MACs.");
    const cell = (share, layer) => {
      const box = make("span", {
        className: "cell", title: `layer ${layer}: ${Math.round(100 * share)} %`,
        role: "img", "aria-label": `layer ${layer} ${share === 0 ? "skipped" : share === 1 ? "ran" : `${Math.round(100 * share)} %`}`,
      });
      box.style.setProperty("--share", share);
      return make("td", {}, box);
    };
    const columns = Array.from({ length: current.layerCount }, (_, layer) =>
      make("th", { scope: "col" }, layer % (current.layerCount > 16 ? 4 : 1) === 0 ? String(layer) : ""));
    return make("div", { className: "scroll" }, make("table", { className: "layers" },
      make("caption", {}, "Layers that ran, step by step"),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "step"), ...columns,
        make("th", { scope: "col" }, "MAC"), make("th", { scope: "col" }, "time"))),
      make("tbody", {}, ...current.steps.map((query, place) => make(
        "tr", { className: place === step ? "now" : "" },
        make("th", { scope: "row" }, String(place + 1)), ...query.layers.map(cell),
        make("td", { className: "number" }, large(query.languageMACs)),
        make("td", { className: "number" }, query.seconds == null ? "–" : time(query.seconds)))))));
  };

  const show = () => {
    const query = current.steps[step];
    const isEnd = !query;
    back.disabled = step === 0;
    forth.disabled = step === last();
    where.textContent = isEnd ? "the end" : `step ${step + 1} of ${current.steps.length}`;
    told.replaceChildren(make("q", {}, current.instruction), " — ", make("span", {
      className: current.solved === undefined ? "" : current.solved ? "solved" : "unsolved",
    }, current.outcome));
    const shown = current.pictures.map((place) => pictures[place]);
    seen.hidden = shown.length === 0;
    stage.classList.toggle("bare", shown.length === 0);
    if (shown.length > 0) {
      picture.src = shown[step];
      picture.alt = isEnd ? "What was seen at the end" : `What the policy saw at step ${step + 1}`;
      film.replaceChildren(...shown.map((link, place) => {
        const button = make("button", { type: "button", "aria-label": place < current.steps.length ? `Step ${place + 1}` : "The end" },
          make("img", { src: link, alt: "" }));
        if (place === step) button.setAttribute("aria-current", "step");
        button.addEventListener("click", () => { go(place); viewer.focus({ preventScroll: true }); });
        return button;
      }));
    }
    const said = [];
    if (query) {
      if (query.failure) said.push(query.failure);
      if (query.positionError != null) said.push(`${(100 * query.positionError).toFixed(1)} cm and ${(query.rotationError || 0).toFixed(1)}° off`);
      if (query.match != null) said.push(query.match ? "matches the key frame" : "no match");
      if (current.layerCount) said.push(`${query.layers.reduce((a, b) => a + b, 0).toFixed(1)} of ${current.layerCount} layers`, `${large(query.languageMACs)}MAC language, ${large(query.totalMACs)}MAC in all`);
      if (query.seconds != null) said.push(time(query.seconds));
    } else said.push(current.outcome);
    facts.textContent = said.join(" · ");
    tables.replaceChildren(...(query ? [actions(query)] : []), facts, layers());
  };

  document.addEventListener("task", (event) => {
    if (!event.detail) return;
    choices.task = event.detail;
    choose();
  });
  viewer.hidden = false;
  choose();
})();
