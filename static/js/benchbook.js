/* Only what HTML and htmx lack. Every page works without this file.

   data-rows             on a table: j and k move the selected row, Enter opens its first link
   data-go="p"           on a link: g, then p, follows it
   data-opens="#id"      opens a dialog; data-closes closes the one it is in
   data-filter="#table"  on an input: shows the rows that hold every word typed
   data-copy="text"      copies the text, or that of the element itself named by "#id"
   data-once             on a form: sends it once
   data-acknowledge      on a form: a sends it; of several, that of the selected row
   data-print            prints the page
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
const rowsOf = (table) =>
  all("tbody > tr", table).filter((row) => !row.hidden && find("a[href]", row) && !row.matches(".open"));

function moveRow(step) {
  const table = find("table[data-rows]");
  if (!table) return;
  const rows = rowsOf(table);
  const from = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const to = rows[from < 0 ? 0 : Math.min(Math.max(from + step, 0), rows.length - 1)];
  if (!to) return;
  rows.forEach((row) => row.removeAttribute("aria-selected"));
  to.setAttribute("aria-selected", "true");
  to.scrollIntoView({ block: "nearest" });
  find("a[href]", to).focus({ preventScroll: true });
}

function openRow() {
  const row = find('table[data-rows] tr[aria-selected="true"]');
  if (row) find("a[href]", row)?.click();
}

function acknowledge() {
  const row = find('table[data-rows] tr[aria-selected="true"]');
  const form = (row && find("form[data-acknowledge]", row))
    ?? all("form[data-acknowledge]").find((one) => !one.closest("table"));
  form?.requestSubmit();
}

function filterRows(input) {
  const table = find(input.dataset.filter);
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0, total = 0, group = null;
  for (const row of all("tbody > tr", table)) {
    if (row.matches(".group")) {
      group = row;
      group.hidden = words.length > 0;
      continue;
    }
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    total += 1;
    if (row.hidden) continue;
    shown += 1;
    if (group) group.hidden = false;
  }
  const status = find("[role=status]", input.closest(".filter") ?? document);
  if (status) status.textContent = words.length ? `${shown} of ${total} rows` : "";
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

/* Clicks */
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  for (const menu of all("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = at("[data-opens]");
  if (opener) {
    event.preventDefault();
    openDialog(find(opener.dataset.opens));
  } else if (at("[data-closes]")) {
    event.preventDefault();
    at("dialog")?.close();
    at(".message")?.remove();
  } else if (at("[data-copy]")) {
    copy(at("[data-copy]"));
  } else if (at("[data-print]")) {
    print();
  } else if (at("[data-theme-choice]")) {
    setTheme(at("[data-theme-choice]").dataset.themeChoice);
  } else if (event.target.matches("dialog")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail) event.target.close();
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filterRows(event.target);
});

/* A form marked data-once goes once; going back in history opens it again */
document.addEventListener("submit", (event) => {
  const form = event.target;
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
    case "Enter":
      if (event.target === document.body) openRow();
      break;
  }
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
document.addEventListener("htmx:afterRequest", (event) => openAgain(event.target));

/* Controls that need this file */
function unhide(within) {
  all(":is([data-theme-choice], [data-copy], [data-print], [data-filter], .needs-script)[hidden]", within)
    .forEach((control) => (control.hidden = false));
  showTheme();
}
document.addEventListener("htmx:load", (event) => unhide(event.target));
unhide(document);
