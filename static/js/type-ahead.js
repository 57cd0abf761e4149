/* Suggestions while a field is typed into: a combo box with a list, as ARIA describes it.
   Without this file the field is a plain one, and Enter does what it always does.

   data-suggests="address"   on an input: asks there for what may be meant, and offers it
   data-fills                besides: what is chosen is written into the field, not gone to
*/
"use strict";

const PAUSE = 120;   // milliseconds without a key, before it is asked
const FEWEST = 2;    // characters

function suggestTo(input) {
  const box = document.createElement("div");
  let asked = 0, pause = 0, chosen = null;
  box.className = "suggestions";
  box.hidden = true;
  input.after(box);
  input.type = "text";   // a search field may not be a combo box
  const facts = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions",
    "aria-expanded": "false" };
  for (const [name, value] of Object.entries(facts)) input.setAttribute(name, value);

  const options = () => all("[role=option]", box);

  function choose(option) {
    chosen?.setAttribute("aria-selected", "false");
    chosen = option;
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function show(html) {
    choose(null);
    box.innerHTML = html;
    box.hidden = !html;
    input.setAttribute("aria-expanded", String(options().length > 0));
  }

  function close() {
    clearTimeout(pause);
    asked += 1;   // whatever is still on its way comes too late
    if (!box.hidden) show("");
  }

  async function ask() {
    const mine = (asked += 1);
    const typed = input.value.trim();
    if (typed.length < FEWEST) return close();
    try {
      const address = new URL(input.dataset.suggests, location);
      address.searchParams.set("q", typed);
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, cache: "no-store" });
      const html = await answer.text();
      if (mine !== asked || document.activeElement !== input) return;
      if (!answer.ok || answer.redirected || answer.headers.get("HX-Redirect")) return close();
      show(html);
      say(find("[data-said]", box)?.dataset.said ?? "");
    } catch {
      if (mine === asked) close();   // it is only an offer: Enter says what is wrong
    }
  }

  function step(by) {
    const list = options();
    if (!list.length) return ask();
    const at = list.indexOf(chosen);
    choose(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length]);
  }

  function take(option) {
    if (!("fills" in input.dataset)) return false;
    input.value = find(".n", option).textContent;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => chosen && choose(options()[0]),
    End: () => chosen && choose(options().at(-1)),
    Enter: () => chosen && (take(chosen) || chosen.click()),
    Escape: () => !box.hidden && close(),
  };

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter" && !chosen) close();
    const isTaken = event.key === "Escape" ? !box.hidden : event.key.startsWith("Arrow") || chosen;
    if (!keys[event.key] || !isTaken) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  input.addEventListener("input", () => {
    choose(null);
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", close);
  box.addEventListener("mousedown", (event) => event.preventDefault());   // the field keeps the focus
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && take(option)) event.preventDefault();
  });
}

all("input[data-suggests]").forEach(suggestTo);
document.addEventListener("htmx:load", (event) => all("input[data-suggests]:not([role])", event.target).forEach(suggestTo));
