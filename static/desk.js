// Keys, light, and what a page without scripts does by itself otherwise.
// Every shortcut is a `data-key` on something that can also be clicked: nothing here is reachable by key alone.

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const stored = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: this page only */ } } };
let keysOn = stored.get("keys") !== "off";

// --- keys ------------------------------------------------------------------------------------------------------

const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function step(by) {
  const items = all(".item");
  const here = items.findIndex((item) => item.hasAttribute("aria-current"));
  const next = items[Math.min(Math.max(here + by, 0), items.length - 1)];
  if (!next || next === items[here]) return;
  next.scrollIntoView({ block: "nearest" });
  next.click();
}

function press(key) {
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1), true;
  const target = all(`[data-key="${CSS.escape(key)}"]`).find((element) => visible(element) && !element.disabled);
  if (!target) return false;
  const pair = target.closest("[data-t]");
  if (pair && !("seen" in pair.dataset) && !shown(pair)) return reveal(pair), true; // nobody confirms what they have not had before their eyes
  target.matches("input") ? target.focus() : target.click();
  if (target.matches("summary")) enter($("input[type=text], select", target.parentElement));
  return true;
}

// At once: by the time that a <details> says it has opened, somebody who types fast has begun.
function enter(field) {
  field?.focus();
  if (field?.closest(".field")) field.select?.();
}

function shown(pair) {
  const view = $(".draft .body").getBoundingClientRect();
  const here = pair.getBoundingClientRect();
  return here.top >= Math.max(view.top, 0) && here.bottom <= Math.min(view.bottom, innerHeight);
}

function reveal(pair) {
  pair.dataset.seen = ""; // one that is taller than the window is never shown whole
  pair.scrollIntoView({ block: "center" });
  light($(`.s[data-s="${pair.dataset.t}"]`));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return void event.target.form?.requestSubmit();
  if (event.key === "Escape" && event.target.closest("#edit, .when-editing")) return void edit(false);
  if (event.key === "Escape" && event.target.id === "find") return void event.target.blur();
  if (!keysOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || $("dialog:popover-open")) return;
  if (press(event.key.toLowerCase())) event.preventDefault();
});

// --- light: a sentence and the words it stands on ---------------------------------------------------------------

function light(sentence) {
  const index = sentence?.dataset.s;
  for (const element of all(".s, [data-e]")) {
    const carries = element.dataset.s ? element === sentence : element.dataset.e?.split(" ").includes(index);
    element.classList.toggle("on", Boolean(sentence) && carries);
  }
}
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const pair = event.target.closest?.("[data-t]");
    const sentence = pair ? $(`.s[data-s="${pair.dataset.t}"]`) : event.target.closest?.(".s");
    // Leaving the draft keeps the light while a citation still has the focus.
    if (sentence || $(".s.on")) light(sentence ?? document.activeElement?.closest(".s"));
  });
}

// --- light: a line of the summary and the words it is made of -----------------------------------------------------

const words = (line) => all("[data-w]").filter((element) => element.dataset.w.split(" ").includes(line.dataset.l));

function lightLine(line) {
  for (const element of all("[data-l].on, [data-w].on")) element.classList.remove("on");
  for (const element of line ? [line, ...words(line)] : []) element.classList.add("on");
}
for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const line = event.target.closest?.("[data-l]");
    if (line || $("[data-l].on")) lightLine(line ?? document.activeElement?.closest("[data-l]"));
  });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("#summary > summary")) return void stored.set("summary", $("#summary").open ? "closed" : "open");
  const line = event.target.closest("[data-l]");
  if (!line || !words(line).length) return;
  event.preventDefault();
  line.focus({ preventScroll: true }); // the light stays while it has the focus
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  words(line)[0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
});

// --- a field of the ticket, edited in place ------------------------------------------------------------------------

document.addEventListener("toggle", (event) => {
  const field = event.target.matches?.(".field[open]") && $("input[type=text]", event.target);
  if (field && field !== document.activeElement) field.select();
}, true);
document.addEventListener("keydown", (event) => {
  const field = event.key === "Escape" && event.target.closest?.(".field[open]");
  if (field) { field.open = false; $("summary", field).focus(); }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "details" && $("#details .field[open]")) event.preventDefault(); // nothing typed is lost
});

// --- editing in place ---------------------------------------------------------------------------------------------

function edit(on) {
  const form = $("#edit");
  if (!form) return;
  form.hidden = !on;
  if (on) { const text = $("textarea", form); text.focus(); text.setSelectionRange(0, 0); text.scrollTop = 0; }
  else $("[data-edit]")?.focus();
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit], [data-stop], [data-copy]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.copy) return void copy(button);
  edit(button.hasAttribute("data-edit"));
});

function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  navigator.clipboard?.writeText(field.value).then(() => { button.textContent = button.dataset.done; });
}

// --- after htmx -----------------------------------------------------------------------------------------------------

function settle() {
  const shown = $("#shown [name=ticket]")?.value;
  for (const item of all(".item")) {
    if (item.id === `item-${shown}`) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
  }
  $(".item[aria-current]")?.scrollIntoView({ block: "nearest" });
  $("[data-open]")?.showPopover();
  const wish = stored.get("summary") ?? (matchMedia("(max-width: 700px)").matches ? "closed" : "open");
  if ($("#summary")) $("#summary").open = wish === "open";
}
// A column that comes anew stays where its reader was.
let scrolled = 0;
let field;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "draft") scrolled = $(".draft .body").scrollTop;
  if (detail.target.id !== "main") return;
  scrolled = $("#main").scrollTop;
  field = document.activeElement?.closest("[data-field]")?.dataset.field;
});
document.addEventListener("htmx:afterSwap", (event) => {
  settle();
  const { target } = event.detail;
  if (target.id === "draft") $(".draft .body").scrollTop = scrolled;
  if (target.id === "main") $("#main").scrollTop = scrolled;
  if (target.id === "main" && field) $(`#field-${CSS.escape(field)} ${$(`#field-${CSS.escape(field)}[open]`) ? "input[type=text]" : "summary"}`)?.focus();
  if (target.id !== "work" && target.id !== "desk") return;
  const subject = $(".talk h1")?.textContent;
  if (subject) document.title = `${subject} · Souffleur`;
  if (target.id === "work") $("#desk").dataset.at = "ticket";
  if (target.id === "desk") $("#main")?.focus({ preventScroll: true });
  if (matchMedia("(max-width: 700px)").matches) scrollTo(0, 0);
});

const trouble = $("#trouble");
for (const kind of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(kind, (event) => {
    if (event.detail.requestConfig?.verb === "get" && event.detail.elt?.matches(".queue, #progress")) return; // the next poll will tell
    trouble.textContent = trouble.dataset.text;
    trouble.hidden = false;
    setTimeout(() => { trouble.hidden = true; }, 8000);
  });
}

// --- the time left to undo ----------------------------------------------------------------------------------------

setInterval(() => {
  for (const toast of all(".toast[data-seconds]")) {
    const left = toast.dataset.seconds - 1;
    toast.dataset.seconds = left;
    if ($(".left", toast)) $(".left", toast).textContent = left;
    if (left <= 0) toast.remove();
  }
}, 1000);

const box = $("#keys");
if (box) {
  box.checked = keysOn;
  box.addEventListener("change", () => { keysOn = box.checked; stored.set("keys", keysOn ? "on" : "off"); });
}
settle();

// --- hiding words from models ------------------------------------------------------------------------------------

let selected = "";
document.addEventListener("selectionchange", () => {
  const range = document.getSelection();
  if (!range.isCollapsed && range.anchorNode?.parentElement?.closest(".words")) selected = range.toString().trim();
});
document.addEventListener("toggle", (event) => {
  const field = event.target.open && event.target.matches?.(".masked") && $("#mask-value", event.target);
  if (!field) return;
  if (selected && !field.value) field.value = selected.replace(/\s+/g, " ").slice(0, 200);
  selected = "";
}, true);
