"use strict";
// A button that copies the text of the element that it names. Without it the text can be marked and copied; so it is
// where a page came without encryption, for there a browser lets no page copy.
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
  });
}
