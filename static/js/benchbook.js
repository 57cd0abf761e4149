/* Only what HTML and htmx lack. Every page works without this file.

   data-rows             on a table: j and k move the selected row, Enter opens its first link
   data-key="c"          on a button in such a row: c presses it while the row is selected; also on one
                         in the pane of a document
   data-checks           on a checklist: j and k move through its questions, whose data-key buttons are
                         pressed by their keys; Escape leaves a field of one
   data-selects="#id"    on what a form brought: selects that row
   data-press="d"        on a button, a link or a summary: d presses it; of several, the first
   data-go="p"           on a link: g, then p, follows it
   data-drawer           on a link: what it leads to is opened over the page; t opens that of the
                         selected row, or the first of the page
   data-opens="#id"      opens a dialog; data-closes closes the one it is in
   data-filter="#table"  on an input: shows the rows that hold every word typed; a code also finds the
                         ranges that hold it. data-none: what is said besides when no row does
   data-copy="text"      copies the text, or that of the element itself named by "#id"
   data-cite="address"   copies the citation that the address gives as JSON; so does an .anchor
   data-follow           on a list of contents: marks the part that is being read
   data-apart            holds a link to a folded part, which is fetched when it is opened
   data-once             on a form: sends it once
   data-acknowledge      on a form: a sends it; of several, that of the selected row
   data-print            prints the page, with all that is folded
   data-theme-choice     light, dark or system
   Controls that do nothing without a script are written with `hidden` and shown here.
*/
"use strict";

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/* Words for everyone, also for those who do not see them change */
function say(words) {
  const region = find("#said");
  if (region) region.textContent = words;
}

function complain(title, sentence) {
  const region = find("#messages");
  if (!region) return;
  all(".from-script", region).forEach((old) => old.remove());
  const message = find("#message-template").content.firstElementChild.cloneNode(true);
  find("b", message).textContent = title;
  find("span", message).textContent = sentence;
  region.append(message);
  message.scrollIntoView({ block: "nearest" });
}

/* Theme: a cookie, so that the server writes it into the page and nothing flashes.
   The admin reads its own key. */
function setTheme(choice) {
  const root = document.documentElement;
  const secure = location.protocol === "https:" ? "; secure" : "";
  if (choice === "system") {
    delete root.dataset.theme;
    document.cookie = `theme=; path=/; max-age=0; samesite=lax${secure}`;
  } else {
    root.dataset.theme = choice;
    document.cookie = `theme=${choice}; path=/; max-age=31536000; samesite=lax${secure}`;
  }
  localStorage.setItem("theme", choice === "system" ? "auto" : choice);
  showTheme();
}

function showTheme() {
  const now = document.documentElement.dataset.theme ?? "system";
  for (const button of all("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === now));
  }
}

/* Rows */
const LINK = "a[href]:not([data-drawer])";
const rowsOf = (table) =>
  all("tbody > tr", table).filter((row) => !row.hidden && find(LINK, row) && !row.matches(".open"));

function moveRow(step) {
  const table = find("table[data-rows]");
  if (!table) return moveCheck(step);
  const rows = rowsOf(table);
  const from = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const to = rows[from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1)];
  if (!to) return;
  selectRow(to);
  find(LINK, to).focus({ preventScroll: true });
}

function selectRow(to) {
  all('[aria-selected="true"]', to.closest("table")).forEach((row) => row.removeAttribute("aria-selected"));
  to.setAttribute("aria-selected", "true");
  to.scrollIntoView({ block: "nearest" });
}

const checks = () => all("[data-checks] .check");

function moveCheck(step) {
  const rows = checks();
  const from = rows.findIndex((row) => row.matches("[aria-current]"));
  const to = rows[from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1)];
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: "nearest" });
}

/* A part that folds is opened, and what is first in it is gone to */
function pressKey(control) {
  const fold = control.matches("summary") && control.parentElement;
  if (!fold) return control.click();
  fold.open = true;
  find("textarea, select, .button, .menu-in :is(a, button)", fold)?.focus();
}

document.addEventListener("focusin", ({ target }) => {
  const current = target.closest("[data-checks] .check");
  if (!current) return;
  checks().forEach((row) => row !== current && row.removeAttribute("aria-current"));
  current.setAttribute("aria-current", "true");
});

function openRow() {
  const row = find('table[data-rows] tr[aria-selected="true"]');
  if (row) find(LINK, row)?.click();
}

function acknowledge() {
  const row = find('table[data-rows] tr[aria-selected="true"]');
  const form = (row && find("form[data-acknowledge]", row))
    ?? all("form[data-acknowledge]").find((one) => !one.closest("table"));
  form?.requestSubmit();
}

/* What a row says and which codes it holds, read once: tables have thousands of rows */
const known = new WeakMap();

function readTable(table) {
  const rows = [];
  let scope = null;
  for (const body of table.tBodies) {
    if (find(".scope", body)) {
      scope = { head: body.rows[0], shown: 0 };
      continue;
    }
    if (!body.matches(".scoped")) scope = null;
    let group = null;
    for (const row of body.rows) {
      if (row.matches(".group")) {
        group = { head: row, shown: 0 };
        continue;
      }
      const heads = [scope, group].filter(Boolean);
      const text = [...heads.map((one) => one.head), row].map((one) => one.textContent).join(" ");
      const isDiagnosis = body.dataset.system === "ICD-10-CM";
      rows.push({ row, heads, isDiagnosis, spans: spansOf(row), text: text.replace(/#code-row-\d+/, "").toLowerCase() });
    }
  }
  known.set(table, rows);
  return rows;
}

/* Codes as keys: without dots, in capitals; "~" sorts after all of them, as on the server */
const keyOf = (text) => text.toUpperCase().replace(/[\s.+]+/g, "");

const spansOf = (row) => all(".code > .n", row).map(({ textContent }) => {
  const [low, high = low] = textContent.split(" - ").map(keyOf);
  const isOpen = low !== high || textContent.trim().endsWith("+") || /^[A-Z]\d\w{3}X$/.test(low);
  return [low, isOpen ? `${high}~` : low];
});

function holds({ spans, isDiagnosis }, word) {
  const key = keyOf(word);
  if (!/^[A-Z]?\d[0-9A-Z]*$/.test(key) || (word.includes(".") && !isDiagnosis)) return false;
  return spans.some(([low, high]) => low === high ? low.startsWith(key) : low <= `${key}~` && key <= high);
}

function filterRows(input) {
  const table = find(input.dataset.filter);
  if (!table || input.defaultValue) return;   // the server has left rows out already
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = known.get(table) ?? readTable(table);
  const heads = new Set(rows.flatMap((one) => one.heads));
  heads.forEach((head) => (head.shown = 0));
  let shown = 0;
  for (const one of rows) {
    const isShown = words.every((word) => one.text.includes(word) || holds(one, word));
    one.row.hidden = !isShown;
    shown += isShown;
    one.heads.forEach((head) => (head.shown += isShown));
  }
  heads.forEach((one) => (one.head.hidden = !one.shown));
  const status = find("[role=status]", input.closest(".filter") ?? document);
  const none = `None of the ${rows.length} rows. ${input.dataset.none ?? ""}`;
  if (status) status.textContent = !words.length ? "" : shown ? `${shown} of ${rows.length} rows` : none.trim();
}

/* The rows of the code that the reader came with */
let atHit = -1;

function moveHit(step) {
  const hits = all("tr.hit").filter((row) => !row.hidden);
  if (!hits.length) return;
  atHit = (Math.max(atHit + step, step < 0 && atHit < 0 ? -1 : 0) + hits.length) % hits.length;
  const row = hits[atHit];
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
  say(`Row ${atHit + 1} of ${hits.length} that name it: ${row.cells[0].textContent}`);
}

/* The dividers of the workspace, by pointer and by arrow; Home gives the width back. A cookie keeps it. */
for (const bar of all("[role=separator]")) {
  const pane = document.getElementById(bar.getAttribute("aria-controls")), { style } = bar.parentElement;
  const name = `--${pane.id}`, sign = pane.matches(".passages-pane") ? -1 : 1;
  const widen = (to, by = 0) => {
    const width = to && Math.round(Math.min(Math.max(to + sign * by, bar.ariaValueMin), bar.ariaValueMax));
    style.setProperty(name, width ? `${width}px` : "");
    bar.ariaValueNow = pane.offsetWidth;
    document.cookie = `${pane.id}=${width}; path=/; max-age=${width && 31536000}; samesite=lax`;
  };
  widen(+new RegExp(`${pane.id}=(\\d+)`).exec(document.cookie)?.[1] || 0);
  bar.onpointerdown = ({ pointerId }) => bar.setPointerCapture(pointerId);
  bar.onpointermove = ({ pointerId, movementX }) => bar.hasPointerCapture(pointerId) && widen(pane.offsetWidth, movementX);
  bar.onkeydown = ({ key }) => {
    const by = { ArrowLeft: -16, ArrowRight: 16, Home: 0 }[key];
    if (by !== undefined) widen(by && pane.offsetWidth, by);
  };
}

/* Contents: the last part whose head has passed the upper third. The root reaches up without end,
   so that a head above it counts as seen, however fast it went by. */
function follow(rail) {
  const links = all("a[href^='#']", rail);
  const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const passed = new Set();
  const foot = find(".foot");
  let current;
  const show = () => {
    let at = links[Math.max(targets.findLastIndex((one) => passed.has(one)), 0)];
    if (passed.has(foot) && scrollY > 0) {
      const chosen = links.findIndex((link) => link.hash === location.hash);
      at = chosen >= 0 && targets[chosen]?.getBoundingClientRect().top >= 0 ? links[chosen] : links.at(-1);
    }
    if (at === current) return;
    current?.removeAttribute("aria-current");
    at?.setAttribute("aria-current", "location");
    current = at;
    const box = rail.getBoundingClientRect(), line = at.getBoundingClientRect();
    if (line.top < box.top || line.bottom > box.bottom) rail.scrollTop += line.top - box.top - box.height / 3;
  };
  const note = (entries) => {
    for (const one of entries) passed[one.isIntersecting ? "add" : "delete"](one.target);
    show();
  };
  const observer = new IntersectionObserver(note, { rootMargin: "9999999px 0px -67% 0px" });
  targets.forEach((one) => one && observer.observe(one));
  if (foot) new IntersectionObserver(note).observe(foot);
  addEventListener("hashchange", show);
}

/* Folded parts of a long text */
async function fetched(part) {
  const answer = await fetch(find("a", part).href, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected || answer.headers.get("HX-Redirect")) return;   // the link stays
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  part.replaceWith(box.content);
}

const fetchAll = () => Promise.all(all("[data-apart]").map(fetched));

async function showTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const wasThere = document.getElementById(id);
  if (!wasThere && find("[data-apart]")) await fetchAll();
  const target = document.getElementById(id);
  const fold = target?.closest("details:not([open])");
  if (fold) fold.open = true;
  if (fold || (target && !wasThere)) location.replace(location.hash);
}

/* A citation comes from the server, so that it is the same words with a script and without */
async function cite(control) {
  const address = control.dataset.cite ?? `${control.href.replace("/cite/", "/")}.json`;
  const asked = fetch(address, { headers: { Accept: "application/json" } }).then((answer) => {
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    return answer.json();
  });
  const as = (type, form) => asked.then(({ citation }) => new Blob([citation[form]], { type }));
  try {
    await navigator.clipboard.write([
      new ClipboardItem({ "text/plain": as("text/plain", "text"), "text/html": as("text/html", "html") }),
    ]);
    const { name, version } = await asked;
    const hash = version.content_hash.slice(0, 8);
    control.dataset.done = `copied with hash ${hash}`;
    say(`Copied: ${version.number} version ${version.ordinal}, ${name}, with its address and the hash ${hash}.`);
    setTimeout(() => delete control.dataset.done, 3000);
  } catch {
    if (control.href) location.assign(control.href);   // where it can be copied by hand
    else complain("Not copied.", "The browser does not let this page write to the clipboard. Select the text and copy it.");
  }
}

async function copy(button) {
  const wanted = button.dataset.copy;
  const text = wanted.startsWith("#") ? find(wanted).innerText : wanted;
  try {
    await navigator.clipboard.writeText(text);
    button.dataset.done = "";
    say("Copied.");
    setTimeout(() => delete button.dataset.done, 1500);
  } catch {
    complain("Not copied.", "The browser does not let this page write to the clipboard. Select the text and copy it.");
  }
}

function openDialog(dialog) {
  if (!dialog || dialog.open) return;
  all("details.menu[open]").forEach((menu) => (menu.open = false));
  dialog.showModal();
}

/* A clock's arithmetic, over the page */
function openDrawer(link) {
  htmx.ajax("GET", link.href, { target: "#drawer", swap: "innerHTML" });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "document-pane") event.target.scrollIntoView({ block: "nearest" });
  if (event.target.id !== "drawer") return;
  openDialog(event.target);
  event.target.scrollTop = 0;
});

/* Clicks */
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const row = at("table[data-rows] > tbody > tr");
  if (row && at("a")) selectRow(row);
  const opener = at("[data-opens]"), drawn = at("[data-drawer]");
  if (drawn && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openDrawer(drawn);
  } else if (opener) {
    event.preventDefault();
    openDialog(find(opener.dataset.opens));
  } else if (at("[data-closes]")) {
    event.preventDefault();
    at("dialog")?.close();
    at(".message")?.remove();
  } else if (at("[data-copy]")) {
    copy(at("[data-copy]"));
  } else if (at("[data-cite], .anchor[href*='/cite/']") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    cite(at("[data-cite], .anchor"));
  } else if (at("[data-print]")) {
    event.preventDefault();
    fetchAll().then(() => print());
  } else if (at("[data-theme-choice]")) {
    setTheme(at("[data-theme-choice]").dataset.themeChoice);
  } else if (event.target.matches("dialog")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail) event.target.close();
  }
});

let filtering = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  cancelAnimationFrame(filtering);
  filtering = requestAnimationFrame(() => filterRows(event.target));
});

document.addEventListener("toggle", (event) => {
  const part = event.target.open && find("[data-apart]", event.target);
  if (part) fetched(part);
}, true);

/* A form marked data-once goes once; going back in history opens it again */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const filter = find("[data-filter]", form);
  if (filter?.closest(".text") && !filter.defaultValue) event.preventDefault();   // it is done already
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

function openAgain(within = document) {
  for (const form of all("[data-sent]", within)) delete form.dataset.sent;
  for (const button of all('[aria-busy="true"]', within)) button.removeAttribute("aria-busy");
}
window.addEventListener("pageshow", () => openAgain());

/* Keys */
let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = find("details.menu[open]");
    if (menu) {
      menu.open = false;
      find("summary", menu).focus();
    } else if (event.target.matches("[role=search] input")) {
      event.target.blur();
    } else if (typing(event.target)) {
      event.target.closest("[data-checks] .check")?.focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || find("dialog[open]")) return;
  if (going && Date.now() - going < 1500) {
    going = 0;
    const link = find(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  const act = find(`[data-press="${CSS.escape(event.key)}"]`);
  if (act) {
    event.preventDefault();
    if (act.matches("[hx-get]")) delete act.dataset.press;   // the next one is next
    return pressKey(act);
  }
  switch (event.key) {
    case "/": {
      const search = find("[role=search] input");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
      break;
    }
    case "?": openDialog(find("#keys")); break;
    case "g": going = Date.now(); break;
    case "j": moveRow(1); break;
    case "k": moveRow(-1); break;
    case "a": acknowledge(); break;
    case "t": (find('tr[aria-selected="true"] [data-drawer]') ?? find("[data-drawer]"))?.click(); break;
    case "n": moveHit(1); break;
    case "p": moveHit(-1); break;
    case "Enter":
      if (event.target === document.body) openRow();
      break;
    default: {
      const key = `[data-key="${CSS.escape(event.key)}"]`;
      const control = find(`:is(tr[aria-selected="true"], .check[aria-current]) ${key}`) ?? find(`.document-pane ${key}`);
      if (!control) return;
      event.preventDefault();
      pressKey(control);
    }
  }
});

/* htmx forgets a button that another answer has replaced while its request waited: what was pressed holds */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const pressed = detail.triggeringEvent?.submitter;
  if (pressed?.name && !pressed.isConnected) detail.parameters[pressed.name] = pressed.value;
});

/* htmx: a failure is said where messages are said */
document.addEventListener("htmx:responseError", (event) => {
  openAgain();
  const status = event.detail.xhr.status;
  const sentence = {
    403: "You may not do this. If you should, ask your supervisor.",
    404: "This is no longer at its address. Reload the page to see what is there now.",
    409: "Someone changed this after you opened it. Reload the page and compare.",
    429: "Too many tries. Wait a minute, then try again.",
    503: "The database does not answer. Nothing you typed is lost on this page; try again.",
  }[status] ?? `The site could not answer (${status}). Nothing you typed is lost on this page; try again.`;
  complain("Not done.", sentence);
});
document.addEventListener("htmx:sendError", () => {
  openAgain();
  complain("Not sent.", "The site cannot be reached. Nothing you typed is lost on this page; try again.");
});
document.addEventListener("htmx:timeout", () => {
  openAgain();
  complain("No answer.", "The site took too long. Nothing you typed is lost on this page; try again.");
});
document.addEventListener("htmx:afterSettle", (event) => {
  const marked = event.detail.requestConfig?.verb === "post" && find("[data-selects]", event.target);
  const row = marked && find(marked.dataset.selects);
  if (row) selectRow(row);
});
document.addEventListener("htmx:afterRequest", (event) => openAgain(event.target));

/* A comment that is saved while it is typed is sent again until it is */
function sendAgain({ target }) {
  if (target.matches("[data-checks] textarea")) setTimeout(() => htmx.trigger(target, "change"), 5000);
}
document.addEventListener("htmx:sendError", sendAgain);
document.addEventListener("htmx:timeout", sendAgain);
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && sendAgain(event));
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful && target.matches("[data-checks] textarea")) all("#messages .from-script").forEach((old) => old.remove());
});

/* Controls that need this file */
function unhide(within) {
  all(":is([data-theme-choice], [data-copy], [data-cite], [data-print], [data-filter], .needs-script)[hidden]", within)
    .forEach((control) => (control.hidden = false));
  showTheme();
}
document.addEventListener("htmx:load", (event) => unhide(event.target));
unhide(document);

/* The reader of a bulletin */
all("[data-follow]").forEach(follow);
addEventListener("hashchange", showTarget);
if (location.hash) showTarget();
else find("[data-came] ~ section tr.hit")?.scrollIntoView({ block: "center" });
