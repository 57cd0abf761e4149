/* Forms with {% draft %}: the server keeps what is typed, and all of it before the form is sent. */
"use strict";

const EVERY = 3000, AGAIN = 5000;   // milliseconds
const states = new WeakMap();
const failing = new Set();   // hold what is not kept

const draftOf = (form) => form?.elements?.draft;
const isKept = (name) => name && !/^(csrfmiddlewaretoken|intent|draft)$|password/.test(name);
const cookie = () => /(?:^|; )csrftoken=(\w+)/.exec(document.cookie)?.[1] ?? "";
const make = (name, properties) => Object.assign(document.createElement(name), properties);

function stateOf(form) {
  if (!states.has(form)) {
    const note = make("div", { className: "draft-note hint", role: "status" });
    const button = all("button:not([type=button])", form).at(-1);
    (button?.closest(".buttons") ?? button ?? form.lastElementChild).after(note);
    states.set(form, { note });
  }
  return states.get(form);
}

function fillAll(within) {
  for (const { dataset, form } of all("[data-fields^='[']", within)) {
    const pairs = JSON.parse(dataset.fields);
    for (const field of form.elements) {
      if (!isKept(field.name) || /hidden|file|submit|button/.test(field.type)) continue;
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
      if (/checkbox|radio/.test(field.type)) field.checked = values.includes(field.value);
      else if (field.multiple) for (const one of field.options) one.selected = values.includes(one.value);
      else if (values.length) field.value = values[0];
    }
    dataset.fields = "";
  }
}

function later(form, wait) {
  stateOf(form).timer ??= setTimeout(keep, wait, form);
}

/* True when the form may be sent: it is kept, or keeping it would not help */
async function keep(form, { over, sends, keepalive } = {}) {
  const state = stateOf(form), { note } = state;
  clearTimeout(state.timer);
  state.timer = state.typed = null;
  const failed = (why) => {
    state.typed = true;
    state.unsent ||= sends;
    failing.add(form);
    note.classList.add("mend");
    note.textContent = `Not ${sends ? "sent and not " : ""}kept: ${why}. What you typed is still here; trying again to keep it.`;
    later(form, AGAIN);
  };
  const body = new URLSearchParams({ draft: over ? state.theirs : draftOf(form).value,
    intent: form.elements.intent.value, title: document.title.replace(/ - Benchbook$/, ""),
    fields: JSON.stringify([...new FormData(form)].filter(([name, value]) => isKept(name) && typeof value === "string")) });
  if (over) body.set("over", "yes");
  const headers = { "X-CSRFToken": cookie(), "HX-Request": "true" };
  const answer = await fetch("/drafts", { method: "POST", headers, body, keepalive }).catch(() => null);
  if (!answer) return failed("no connection");
  const href = answer.headers.get("HX-Redirect");
  if (href) {
    failed("your session has ended");
    note.append(" ", make("a", { href, target: "_blank", textContent: "Sign in" }));
    return true;   // what is sent now is kept on the way to the sign-in
  }
  if (answer.status >= 500) return failed("the site does not answer");
  const told = await answer.json().catch(() => ({}));
  failing.delete(form);
  note.classList.toggle("mend", !answer.ok);
  all(".other-tab", form).forEach((one) => one.remove());
  if (answer.ok) {
    draftOf(form).value = told.draft;
    form.elements.csrfmiddlewaretoken.value = cookie();
    note.textContent = `Kept ${told.at}${state.unsent ? ". It is not sent yet" : ""}`;
  } else if (answer.status === 409) {
    showBeside(form, state, told);
  } else {
    note.textContent = `Not kept: ${told.words ?? answer.status}`;
  }
  return true;
}

function showBeside(form, state, { at, draft, fields }) {
  state.theirs = draft;
  for (const field of form.elements) {
    const theirs = fields.find(([name]) => name === field.name)?.[1] ?? "";
    if (!field.matches("textarea, [type=text]") || !isKept(field.name) || theirs === field.value) continue;
    field.after(make("p", { className: "other-tab", textContent: `In the other tab: ${theirs || "nothing"}` }));
  }
  state.note.textContent = `Another tab kept this form at ${at}; its words stand beside yours. Both are kept.`;
  for (const [textContent, onclick] of [["Go on with mine", () => keep(form, { over: true })],
    ["Take the other's", () => location.reload()]]) {
    state.note.append(make("button", { type: "button", className: "button small", textContent, onclick }));
  }
}

document.addEventListener("input", ({ target: { form, name } }) => {
  if (!draftOf(form) || !isKept(name)) return;
  stateOf(form).typed = true;
  later(form, EVERY);
});

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (!draftOf(form)) return;
  const state = stateOf(form);
  if (state.sends) return (state.sends = null);
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await keep(form, { sends: true })) {
    state.sends = true;
    state.typed = state.unsent = null;
    failing.delete(form);
    form.requestSubmit(submitter);
  }
}, true);

addEventListener("pagehide", () => {
  for (const { form } of all("[data-fields]")) if (states.get(form)?.typed) keep(form, { keepalive: true });
});
addEventListener("online", () => failing.forEach((form) => keep(form)));
addEventListener("beforeunload", (event) => failing.size && event.preventDefault());
addEventListener("pageshow", (event) => event.persisted && find("[data-fields]") && location.reload());
document.addEventListener("htmx:load", (event) => fillAll(event.target));
fillAll(document);
