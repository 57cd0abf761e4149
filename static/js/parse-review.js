/* The parse review: n and p go to the next and the previous line to look at. The page works without. */
"use strict";

const looks = [...document.querySelectorAll("tr.look")];

function go(step) {
  const top = innerHeight / 3;
  const here = looks.indexOf(document.activeElement.closest("tr.look"));
  const ahead = step > 0
    ? looks.find((row) => row.getBoundingClientRect().top > top + 4)
    : looks.findLast((row) => row.getBoundingClientRect().top < top - 4);
  const row = here < 0 ? ahead : looks[here + step];
  if (!row) return;
  row.scrollIntoView({ block: "center" });
  (row.querySelector("a") ?? row).focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") go(1);
  if (event.key === "p") go(-1);
});
document.querySelectorAll(".keys[hidden]").forEach((hint) => (hint.hidden = looks.length < 2));
/* After the jump to the line in the address, which takes the focus */
addEventListener("load", () => setTimeout(() => {
  document.querySelector("form.mend :is(textarea, input[type=text])")?.focus({ preventScroll: true });
}));
