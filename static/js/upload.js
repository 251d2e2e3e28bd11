// Chosen photos with previews, sent one after the other so that each has its own progress and its own outcome.
// Without this file the form sends them all at once.

import { openCamera } from "./camera.js";
import { send } from "./send.js";

const form = document.getElementById("upload");
const drop = document.getElementById("drop");
const input = document.getElementById("id_photos");
const list = document.getElementById("chosen");
const status = document.getElementById("upload-status");
const button = document.getElementById("send");
const template = document.getElementById("chosen-row");

const MAX_FILES = Number(form.dataset.maxFiles);
const MAX_MEGABYTES = Number(form.dataset.maxMegabytes);
const batch = uuid();
const rows = [];

// --- choosing

document.getElementById("choose").addEventListener("click", () => input.click());
input.addEventListener("change", takeOver);
document.getElementById("camera-open").addEventListener("click", () => openCamera((file) => add([file])));

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  drop.classList.remove("over");
  add(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData?.files.length) add(event.clipboardData.files);
});

function takeOver() {
  add(input.files);
  input.value = "";
}

function add(files) {
  const room = MAX_FILES - rows.length;
  for (const file of [...files].slice(0, room)) rows.push(makeRow(file));
  input.required = rows.length === 0;
  say(files.length > room ? `At most ${MAX_FILES} photos at once. Send these, then the rest.` : summary());
}

function makeRow(file) {
  const element = template.content.cloneNode(true).querySelector("li");
  const row = { file, element, state: "ready" };
  const picture = element.querySelector("img");
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => {
    picture.hidden = false;
    URL.revokeObjectURL(picture.src);
  });
  element.querySelector(".chosen-name").textContent = file.name;
  element.querySelector(".chosen-remove span").textContent = `Remove ${file.name}`;
  element.querySelector(".chosen-remove").addEventListener("click", () => remove(row));
  list.append(element);
  if (file.size > MAX_MEGABYTES * 1024 * 1024) {
    row.refusal = "too_large";
    show(row, "refused", `The file is over ${MAX_MEGABYTES} MB. Send a smaller version of the photo.`);
  } else {
    show(row, "ready", megabytes(file.size));
  }
  return row;
}

function remove(row) {
  const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
  rows.splice(rows.indexOf(row), 1);
  row.element.remove();
  input.required = rows.length === 0;
  (next?.querySelector(".chosen-remove") ?? document.getElementById("choose")).focus();
  say(summary());
}

// --- sending

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const waiting = rows.filter((row) => row.state === "ready" || row.state === "lost");
  if (!waiting.length) {
    say("Choose at least one photo first.");
    document.getElementById("choose").focus();
    return;
  }
  busy(true);
  let location = null;
  let refusal = "";
  for (const [index, row] of waiting.entries()) {
    say(`Sending ${index + 1} of ${waiting.length}`);
    const answer = await sendRow(row);
    if (answer.error) {
      refusal = answer.error;
      break;
    }
    location = answer.location;
  }
  const lost = rows.filter((row) => row.state === "lost").length;
  busy(false);
  if (location && !lost) {
    button.disabled = true;
    window.location.assign(location);
    return;
  }
  refuse(refusal);
});

// The answer; with an error, trying further files makes no sense.
async function sendRow(row) {
  const bar = row.element.querySelector("progress");
  bar.hidden = false;
  show(row, "sending", "Sending");
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  data.append("batch", batch);
  data.append("photos", row.file, row.file.name);
  const untold = rows.filter((other) => other.refusal && !other.told); // the next page names them too
  for (const other of untold) data.append("refused", `${other.refusal}:${other.file.name}`);
  const answer = await send(form.action, data, (share) => {
    if (share >= 1) bar.removeAttribute("value");
    else bar.value = share * 100;
  });
  bar.hidden = true;
  if (answer.error) {
    show(row, "lost", "Not sent");
    return answer;
  }
  for (const other of untold) other.told = true;
  const refused = answer.rejected[0];
  const words = answer.linked ? "You sent this before" : "Received";
  show(row, refused ? "refused" : "sent", refused ? refused.sentence : words);
  return answer;
}

// --- words

function show(row, state, words) {
  row.state = state;
  row.element.classList.toggle("refused", state === "refused" || state === "lost");
  row.element.querySelector(".chosen-state").textContent = words;
  row.element.querySelector(".chosen-remove").hidden = state === "sending" || state === "sent";
}

// Leaving in the middle would lose what has not been sent.
function guard(event) {
  event.preventDefault();
}

function busy(on) {
  if (on) window.addEventListener("beforeunload", guard);
  else window.removeEventListener("beforeunload", guard);
  button.disabled = on;
  form.setAttribute("aria-busy", String(on));
}

// Why the rest was not sent; it stays chosen, and the same button sends it.
function refuse(sentence) {
  const sent = rows.filter((row) => row.state === "sent").length;
  const rest = rows.filter((row) => row.state === "ready" || row.state === "lost").length;
  button.textContent = "Try again";
  say(sent ? `${sentence} ${sent} sent, ${rest} still here.` : sentence, { isRefusal: true });
}

function summary() {
  const ready = rows.filter((row) => row.state === "ready" || row.state === "lost").length;
  return ready ? `${ready} photo${ready === 1 ? "" : "s"} ready` : "";
}

function say(words, { isRefusal = false } = {}) {
  status.classList.toggle("refused", isRefusal);
  status.textContent = words;
}

function megabytes(bytes) {
  return bytes < 100_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// randomUUID exists only on secure origins, and a self-hosted page may be plain http.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// On a slow line people choose before this file has come, and a browser may keep the choice over a reload.
if (input.files.length) takeOver();
