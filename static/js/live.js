// Parts of a page that ask again by themselves (htmx, [data-live]): they pause while nobody looks, and say when the
// connection is lost. Polls that fail come less and less often; the first that works takes the sign away.

const LONGEST_MS = 10_000;
const sign = document.getElementById("connection");
let failures = 0;
let notBefore = 0;
let isOutdated = false;

const isHidden = () => document.visibilityState === "hidden";
const isLive = (event) => event.detail.requestConfig?.elt?.matches("[data-live]");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isLive(event) && (isHidden() || isOutdated || Date.now() < notBefore)) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (!isHidden()) askNow();
});
window.addEventListener("online", askNow);

function askNow() {
  notBefore = 0;
  for (const part of document.querySelectorAll("[data-live]")) htmx.trigger(part, "shown");
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => isLive(event) && lost());
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isLive(event)) return;
  const { status } = event.detail.xhr;
  if (status >= 500) lost();
  else if (status >= 400) outdated();
  else if (status) found();
});

function lost() {
  failures += 1;
  notBefore = Date.now() + Math.min(LONGEST_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  sign.textContent = "Connection lost. Trying again …";
}

function found() {
  failures = 0;
  notBefore = 0;
  if (!isOutdated) sign.textContent = "";
}

// The photo was deleted in another tab, or the page is older than the server.
function outdated() {
  isOutdated = true;
  const link = document.createElement("a");
  link.href = window.location.pathname + window.location.search;
  link.textContent = "Load it again";
  sign.replaceChildren("This page is out of date. ", link);
}
