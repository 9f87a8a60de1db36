// What every page has: `/` goes to the search box, and buttons that copy.

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("input[type=search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

/** Copies the text of an element; where there is no clipboard (pages without TLS), by a selection. */
async function copied(element) {
  const text = element.textContent;
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed: by the selection below
    }
  }
  getSelection().selectAllChildren(element);
  return document.execCommand("copy");
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const done = await copied(document.getElementById(button.dataset.copies));
    button.textContent = done ? button.dataset.done : button.dataset.failed;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
