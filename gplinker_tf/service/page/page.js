"use strict";

const PAUSE = 200; // milliseconds without a move of the slider, after which it counts

const at = (id) => document.getElementById(id);
let language = navigator.language.startsWith("zh") ? "zh" : "en";
let runs = [];
let newest = 0;
let moved = false; // until the slider is moved, the run's own thresholds hold, one per predicate
let timer;

const words = () => WORDS[language];

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = words()[element.dataset.word];
  }
  at("language").textContent = words().other;
  at("language").lang = chosen === "zh" ? "en" : "zh-CN";
  at("text").placeholder = words().example;
}

function say(message, error = false) {
  at("status").textContent = message;
  at("status").classList.toggle("error", error);
}

async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  if (at("token").value) headers.Authorization = `Bearer ${at("token").value}`;
  const method = body ? "POST" : "GET";
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  if (answer.status === 401) {
    at("token-field").hidden = false;
    at("token").focus();
    throw new Error(words().unauthorized);
  }
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error.message);
  return content;
}

/** A failed fetch is a TypeError, in words that differ between browsers. */
function explain(error) {
  say(error instanceof TypeError ? words().unreachable : error.message, true);
}

async function listRuns() {
  const answer = await ask("runs");
  runs = answer.runs;
  at("run").replaceChildren(...runs.map((run) => new Option(run.name)));
  at("threshold").min = answer.lowest_threshold;
  takeThreshold();
}

function takeThreshold() {
  const run = runs[at("run").selectedIndex];
  moved = false;
  at("threshold").value = run.threshold;
  at("value").textContent = Number(at("threshold").value).toFixed(1);
}

async function extract() {
  clearTimeout(timer);
  const text = at("text").value || words().example;
  const number = ++newest;
  at("text").value = text;
  say(words().working);
  try {
    if (!runs.length) await listRuns();
    const threshold = moved ? Number(at("threshold").value) : null;
    const answer = await ask("draw", { text, run: at("run").value, threshold });
    if (number === newest) show(answer);
  } catch (error) {
    if (number === newest) explain(error);
  }
}

function show(answer) {
  at("triples").innerHTML = answer.triples;
  at("graph").innerHTML = answer.graph;
  at("json").value = JSON.stringify(answer.result, null, 2);
  at("results").hidden = false;
  say(words().found(answer.result.spo_list.length));
}

async function copy() {
  try {
    await navigator.clipboard.writeText(at("json").value);
    say(words().copied);
  } catch {
    at("json").select(); // the clipboard is only there on https and on this machine's own address
    say(document.execCommand("copy") ? words().copied : words().notCopied);
  }
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  extract();
});
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) extract();
});
at("threshold").addEventListener("input", () => {
  moved = true;
  at("value").textContent = Number(at("threshold").value).toFixed(1);
  clearTimeout(timer);
  if (!at("results").hidden) timer = setTimeout(extract, PAUSE);
});
at("run").addEventListener("change", () => {
  takeThreshold();
  if (!at("results").hidden) extract();
});
at("copy").addEventListener("click", copy);
at("language").addEventListener("click", () => speak(language === "zh" ? "en" : "zh"));

speak(language);
listRuns().catch(explain);
