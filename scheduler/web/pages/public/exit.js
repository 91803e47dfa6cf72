"use strict";
// The quick exit. Without this script it is a link. With it the page is covered at once, the other page takes its place
// in the history, and three Escapes in a row do the same as the link.
const exit = document.querySelector("a[data-quick-exit]");
const within = 5000; // milliseconds for all three
let presses = [];

function leave() {
  const cover = document.createElement("div");
  cover.className = "exit-cover";
  cover.setAttribute("role", "alert");
  cover.textContent = "Loading";
  document.title = "Loading";
  document.body.replaceChildren(cover);
  window.location.replace(exit.href);
}

exit.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    presses = [];
  } else if (!event.repeat) {
    presses = [...presses.filter((at) => event.timeStamp - at < within), event.timeStamp];
    if (presses.length === 3) leave();
  }
});

const hint = document.createElement("span");
hint.className = "exit-hint";
hint.textContent = "or press Esc three times";
exit.before(hint);
