// Read and unread: this browser remembers the newest look whose changes were read. Nothing is sent anywhere.

const KEY = "gdfupin-read-until";
const today = document.getElementById("today");
const line = today.querySelector(".unread");
const items = [...today.querySelectorAll("li[data-at]")];

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is turned off
  }
}

function show() {
  const until = remembered();
  const unread = items.filter((item) => item.dataset.at > (until ?? ""));
  for (const item of items) item.classList.toggle("new", until !== null && item.dataset.at > until);
  line.hidden = items.length === 0;
  line.firstElementChild.textContent = unread.length
    ? line.dataset.some.replace("{0}", unread.length.toLocaleString())
    : line.dataset.none;
  line.lastElementChild.hidden = unread.length === 0;
}

line.lastElementChild.addEventListener("click", () => {
  const newest = items.reduce((last, item) => (item.dataset.at > last ? item.dataset.at : last), today.dataset.newest);
  try {
    localStorage.setItem(KEY, newest);
  } catch {
    return;
  }
  show();
});
show();
