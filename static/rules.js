// Rules in another order, by dragging; the arrows of each rule do the same. The server says what the order would do.

let dragged = null;
const list = () => document.querySelector(".rules");

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".handle")?.closest(".rule");
  if (!dragged) return;
  dragged.classList.add("dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(dragged, 12, 12);
});

document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.(".rule");
  if (!over) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  list().insertBefore(dragged, event.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
});

document.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });

document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("dragged");
  dragged = null;
  const order = [...list().querySelectorAll(".rule")].map((rule) => rule.dataset.rule).join(",");
  if (order !== list().dataset.order) htmx.ajax("GET", `${location.pathname}?order=${order}`, { target: "#rules", swap: "outerHTML" });
});

// Alt and an arrow move the rule in which the focus is.
document.addEventListener("keydown", (event) => {
  const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  const rule = event.altKey && way && event.target.closest?.(".rule");
  if (!rule) return;
  event.preventDefault();
  const button = rule.querySelector(`[data-move="${way}"]`);
  button.focus();
  button.click();
});
