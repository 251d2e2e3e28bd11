// A face's box and its card light up together, by mouse and by keyboard. The page works without this.

function light(event, on) {
  const part = event.target.closest("[data-face]");
  if (!part) return;
  for (const other of document.querySelectorAll(`[data-face="${part.dataset.face}"]`)) {
    other.classList.toggle("lit", on);
  }
}

for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => light(event, true));
for (const name of ["mouseout", "focusout"]) document.addEventListener(name, (event) => light(event, false));

// Following a box moves the keyboard's place to the card, which some browsers do not do for links inside SVG.
document.addEventListener("click", (event) => {
  const box = event.target.closest("a.face-box");
  if (!box) return;
  const card = document.getElementById(`face-${box.dataset.face}`);
  card?.focus({ preventScroll: true });
});
