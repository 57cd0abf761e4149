/* What is typed into a form with {% draft %} is kept by the server every few seconds, and comes back
   when its page is opened again. A form is sent only once all of it is kept, so that no outage loses
   it. Nothing is kept in the browser. Without this file a form is sent as it is. */
"use strict";

const EVERY = 3000;   // milliseconds from a key to the keeping of it
const WAIT = 5000;    // before it is tried again
const states = new WeakMap();
const failing = new Set();   // forms that hold what is not kept

const inputOf = (form) => form?.elements?.draft;
const isKept = (name) => !/^(csrfmiddlewaretoken|intent|draft)$|password/.test(name);
const typedIn = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && isKept(name));
const cookie = () => /(?:^|; )csrftoken=(\w+)/.exec(document.cookie)?.[1] ?? "";

function stateOf(form) {
  if (!states.has(form)) {
    const note = document.createElement("div");
    const button = all("button:not([type=button])", form).at(-1);
    note.className = "kept hint";
    note.setAttribute("role", "status");
    if (button) (button.closest(".buttons") ?? button).after(note);
    else form.append(note);
    states.set(form, { note });
  }
  return states.get(form);
}

/* What the server kept, put into the fields of a page that is opened anew */
function fill(form, pairs) {
  for (const field of form.elements) {
    if (!field.name || !isKept(field.name) || /hidden|file|submit|button/.test(field.type)) continue;
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (/checkbox|radio/.test(field.type)) field.checked = values.includes(field.value);
    else if (field.multiple) for (const one of field.options) one.selected = values.includes(one.value);
    else if (values.length) field.value = values[0];
  }
}

function fillAll(within) {
  for (const input of all("[data-fields]:not([data-fields=''])", within)) {
    fill(input.form, JSON.parse(input.dataset.fields));
    input.dataset.fields = "";
  }
}

function later(form, wait) {
  const state = stateOf(form);
  state.timer ??= setTimeout(() => keep(form), wait);
}

/* True when the form may be sent: it is kept, or keeping it would not help */
async function keep(form, { over = false, leaving = false } = {}) {
  const state = stateOf(form), { note } = state;
  clearTimeout(state.timer);
  state.timer = null;
  state.typed = false;
  const failed = (why) => {
    state.typed = true;
    failing.add(form);
    note.classList.add("mend");
    note.textContent = `Not kept: ${why}. What you typed is still here; trying again.`;
    later(form, WAIT);
    return false;
  };
  const body = new URLSearchParams({ draft: inputOf(form).value, intent: form.elements.intent.value,
    title: document.title.replace(/ - Benchbook$/, ""), fields: JSON.stringify(typedIn(form)) });
  if (over) {
    body.set("draft", state.theirs);
    body.set("over", "yes");
  }
  let answer, told = {};
  try {
    const headers = { "X-CSRFToken": cookie(), "HX-Request": "true" };
    answer = await fetch("/drafts", { method: "POST", headers, body, keepalive: leaving });
  } catch {
    return failed("no connection");
  }
  if (answer.headers.get("HX-Redirect")) {
    failed("your session has ended");
    const link = document.createElement("a");
    Object.assign(link, { href: answer.headers.get("HX-Redirect"), target: "_blank", textContent: "Sign in" });
    note.append(" ", link);
    return true;   // what is sent now is kept on the way to the sign-in
  }
  if (answer.status >= 500) return failed("the site does not answer");
  try {
    told = await answer.json();
  } catch { /* a page that only says no */ }
  failing.delete(form);
  note.classList.toggle("mend", !answer.ok);
  if (answer.ok) {
    inputOf(form).value = told.draft;
    form.elements.csrfmiddlewaretoken.value = cookie();
    note.textContent = `Kept ${told.at}`;
    all(".other-tab", form).forEach((one) => one.remove());
  } else if (answer.status === 409) {
    showBeside(form, told);
  } else {
    note.textContent = `Not kept: ${told.words ?? answer.status}`;
  }
  return true;
}

/* Another tab went on with the same form: its words stand beside these */
function showBeside(form, { at, draft, fields }) {
  const state = stateOf(form);
  state.theirs = draft;
  all(".other-tab", form).forEach((one) => one.remove());
  for (const field of form.elements) {
    const theirs = fields.find(([name]) => name === field.name)?.[1] ?? "";
    if (!field.matches("textarea, [type=text]") || !isKept(field.name) || theirs === field.value) continue;
    const words = document.createElement("p");
    words.className = "other-tab";
    words.textContent = `In the other tab: ${theirs || "nothing"}`;
    field.after(words);
  }
  state.note.textContent = `Another tab kept this form at ${at}; its words stand beside yours. Both are kept. `;
  for (const [label, act] of [["Go on with mine", () => keep(form, { over: true })],
    ["Take the other's", () => location.reload()]]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button small", textContent: label, onclick: act });
    state.note.append(button, " ");
  }
}

document.addEventListener("input", ({ target: { form, name } }) => {
  if (!inputOf(form) || !isKept(name)) return;
  stateOf(form).typed = true;
  later(form, EVERY);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!states.get(form)?.typed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await keep(form)) {
    failing.delete(form);
    form.requestSubmit(event.submitter);
  }
}, true);

addEventListener("pagehide", () => {
  for (const { form } of all("[data-fields]")) if (states.get(form)?.typed) keep(form, { leaving: true });
});
addEventListener("online", () => failing.forEach((form) => keep(form)));
addEventListener("beforeunload", (event) => failing.size && event.preventDefault());
addEventListener("pageshow", (event) => event.persisted && find("[data-fields]") && location.reload());
document.addEventListener("htmx:load", (event) => fillAll(event.target));
fillAll(document);
