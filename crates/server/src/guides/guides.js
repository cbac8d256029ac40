// Makes the guides nicer to use; they can be read without it. Colours follow what was chosen in the app, the search reads the words of
// all pages, which are fetched when somebody begins to search.
"use strict";

try {
  const chosen = localStorage.getItem("stagecraft-colour-scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.colours = chosen;
} catch {
  // A browser that keeps nothing follows the system.
}

document.addEventListener("DOMContentLoaded", () => {
  const search = document.querySelector(".search");
  offerCopies(search.dataset);
  bringIntoSight();
  search.hidden = false;
  const [input, told, list] = [search.querySelector("input"), search.querySelector(".told"), search.querySelector(".found")];

  let sections;
  const read = () => (sections ??= fetch("/docs/search.json").then((answer) => answer.json()));
  input.addEventListener("focus", read);
  input.addEventListener("input", async () => {
    const typed = input.value;
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length > 0 ? best(await read(), words) : [];
    if (typed !== input.value) return;
    list.replaceChildren(...found.map((section) => line(section, words)));
    list.hidden = found.length === 0;
    told.textContent = words.length === 0 ? "" : found.length === 0 ? search.dataset.nothing : String(found.length);
    if (words.length > 0 && found.length === 0) {
      const nothing = document.createElement("li");
      nothing.append(document.createElement("a"));
      nothing.firstChild.textContent = search.dataset.nothing;
      list.replaceChildren(nothing);
      list.hidden = false;
    }
  });

  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const links = [input, ...list.querySelectorAll("a[href]")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)].focus();
    else if (event.key === "ArrowUp") links[Math.max(at - 1, 0)].focus();
    else if (event.key === "Enter" && at === 0 && links[1]) links[1].click();
    else if (event.key === "Escape") {
      list.hidden = true;
      input.focus();
    } else return;
    event.preventDefault();
  });
  list.addEventListener("click", () => (list.hidden = true));
  document.addEventListener("click", (event) => {
    if (!search.contains(event.target)) list.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    input.focus();
  });
});

/** Sections in which all words are, those first whose titles say them, and what guides say before what proves it. */
function best(sections, words) {
  const scored = [];
  for (const section of sections) {
    const [page, heading, text] = [section.page, section.heading, section.text].map((one) => one.toLowerCase());
    let score = 0;
    for (const word of words) {
      const one = (heading.includes(word) ? 6 : 0) + (page.includes(word) ? 4 : 0) + (text.includes(word) ? 1 : 0);
      if (one === 0) {
        score = 0;
        break;
      }
      score += one;
    }
    if (score === 0) continue;
    if (/\/(decisions|benchmarks|changelog)/.test(section.to)) score /= 8;
    if (/-guide(#|$)/.test(section.to)) score *= 3;
    scored.push({ section, score });
  }
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, 14)
    .map((one) => one.section);
}

function line(section, words) {
  const [item, link, title, words_] = ["li", "a", "b", "span"].map((tag) => document.createElement(tag));
  link.href = section.to;
  title.textContent = section.heading ? `${section.page} › ${section.heading}` : section.page;
  const at = Math.max(0, Math.min(...words.map((word) => section.text.toLowerCase().indexOf(word)).filter((index) => index >= 0), Infinity) - 40);
  const from = Number.isFinite(at) ? at : 0;
  marked(words_, `${from > 0 ? "…" : ""}${section.text.slice(from, from + 160)}…`, words);
  link.append(title, words_);
  item.append(link);
  return item;
}

/** Puts a text into an element with the words marked in it. */
function marked(into, text, words) {
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  text.split(pattern).forEach((part, index) => {
    if (index % 2 === 0) return into.append(part);
    const mark = document.createElement("mark");
    mark.textContent = part;
    into.append(mark);
  });
}

function offerCopies({ copy, copied }) {
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 1500);
    });
    block.append(button);
  }
}

/** The list at the side begins where one is. */
function bringIntoSight() {
  const [list, current] = [document.querySelector(".contents"), document.querySelector(".contents [aria-current]")];
  if (current && current.offsetTop > list.clientHeight - 120) list.scrollTop = current.offsetTop - 80;
}
