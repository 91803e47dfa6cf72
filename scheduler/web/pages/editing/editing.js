// Refreshes the counters and findings beside a form while somebody types, and asks before unsaved words are left.
// Without it everything on the page works all the same.
"use strict";
(() => {
  const form = document.getElementById("edit");
  if (!form) return;
  const PAUSE = 600; // milliseconds without a key before the server is asked
  const isLive = form.dataset.live === "yes";
  const text = () => new URLSearchParams(new FormData(form)).toString();
  const opened = text();
  let asked = opened, waiting = 0, asking = null, isSent = false;

  const refresh = async () => {
    const now = text();
    if (now === asked) return;
    asked = now;
    if (asking) asking.abort();
    asking = new AbortController();
    const body = new FormData(form);
    body.set("act", "look");
    body.delete("upload"); // a file goes with the buttons alone
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(body),
        signal: asking.signal,
        redirect: "error",
      });
      if (answer.status !== 200) return; // signed out, or out of reach: the buttons will say so
      const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts.querySelectorAll("[id^=live-]")) {
        const here = document.getElementById(part.id);
        if (!here || here.innerHTML === part.innerHTML) continue;
        const wasOpen = here.querySelector("details");
        const details = part.querySelector("details");
        if (wasOpen && details) details.open = wasOpen.open;
        here.replaceChildren(...part.childNodes);
      }
    } catch (trouble) {
      if (trouble.name !== "AbortError") asked = ""; // tried again with the next key
    }
  };

  if (isLive) {
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(refresh, PAUSE);
    });
  }
  const upload = document.getElementById("upload");
  if (upload) {
    upload.addEventListener("change", () => { // before it is on its way, and nothing typed is lost to it
      const most = Number(upload.dataset.most), size = upload.files.length ? upload.files[0].size : 0;
      upload.setCustomValidity(size > most
        ? `The file has ${(size / 1e6).toFixed(1)} MB; ${most / 1e6} MB is the most. Save it smaller: 2,400 pixels across are enough.`
        : "");
      upload.reportValidity();
    });
  }
  form.addEventListener("submit", () => { isSent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!isSent && (form.dataset.unsaved === "yes" || text() !== opened)) event.preventDefault();
  });
})();
