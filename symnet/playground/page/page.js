// The page: what is typed goes to the worker, and what it answers is shown. No text of a user is ever taken for markup: errors
// and names are set as text, and the HTML that Python makes is escaped there.
const begun = performance.now();
const $ = (id) => document.getElementById(id);
const text = $("text"), answer = $("answer"), message = $("message"), list = $("kinds"), letters = $("letters");
const TABS = [["table", "Table"], ["network", "Figure"], ["derivation", "Derivation"], ["report", "Report"], ["windows", "Windows"],
  ["staircase", "Staircase"], ["receptive-field", "Receptive field"], ["costs", "Costs"], ["torch", "PyTorch"], ["keras", "Keras"]];
const PATIENCE = 20000; // after so many milliseconds a question is given up

let known = { kinds: [], figures: [], examples: {} };
let values = {}, names = [], show = "table";
let worker, waiting, next = 0, ready = false, again = false, sent = 0, clock;

// ---- Python

function start() {
  ready = false;
  worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.ready) {
      ready = true;
      if (!known.kinds.length) begin(data.ready);
      ask();
      return;
    }
    clearTimeout(clock);
    const { then } = waiting;
    waiting = undefined;
    then(data);
    if (again) ask();
  };
  worker.onerror = (event) => say(`Python could not be loaded: ${event.message || "see the address of Pyodide in settings.json"}`);
}

function send(call, argument, then, file) {
  waiting = { then };
  worker.postMessage({ id: ++next, call, argument, file });
  clock = setTimeout(() => {
    worker.terminate();
    waiting = undefined;
    say(`No answer within ${PATIENCE / 1000} seconds: the command line has more patience.`);
    answer.setAttribute("aria-busy", "false");
    start();
  }, PATIENCE);
}

function ask() {
  if (!ready || waiting) {
    again = true;
    return;
  }
  again = false;
  address();
  if (!text.value.trim()) {
    say("");
    return answer.replaceChildren();
  }
  answer.setAttribute("aria-busy", "true");
  sent = performance.now();
  send("answered", JSON.stringify({ text: text.value, at: values, show }), shown);
}

function shown({ result, failed }) {
  answer.setAttribute("aria-busy", "false");
  const error = failed ? { message: failed } : result.error;
  text.setAttribute("aria-invalid", String(Boolean(error)));
  if (error) return say(error.text || error.message);
  say(result.notes.join("\n"), true);
  tabs(result.kind === "network");
  sliders(result.letters);
  answer.innerHTML = result.html;
  const now = performance.now();
  answer.dataset.count = String(Number(answer.dataset.count || 0) + 1);
  $("time").textContent = `Answered in ${Math.round(now - sent)} ms` + (answer.dataset.count === "1" ? `, ${((now - begun) / 1000).toFixed(1)} s after the page was opened.` : ".");
}

function say(words, note = false) {
  message.textContent = words;
  message.className = note ? "note" : "";
}

// ---- letters and what is shown

function sliders(found) {
  if (found.join() === names.join()) return;
  names = found;
  letters.hidden = !found.length;
  letters.replaceChildren(letters.firstElementChild, ...found.map(slider));
}

function slider(name) {
  const row = document.createElement("div"), label = document.createElement("label"), range = document.createElement("input");
  const output = document.createElement("output"), free = document.createElement("button");
  label.textContent = name;
  label.htmlFor = range.id = `letter-${name}`;
  Object.assign(range, { type: "range", min: "1", max: "512", step: "1", value: String(values[name] || 64) });
  output.htmlFor = range.id;
  output.textContent = values[name] ? String(values[name]) : "any";
  Object.assign(free, { type: "button", textContent: "any" });
  free.setAttribute("aria-label", `leave ${name} a letter`);
  range.oninput = () => {
    values[name] = Number(range.value);
    output.textContent = range.value;
    ask();
  };
  free.onclick = () => {
    delete values[name];
    output.textContent = "any";
    ask();
  };
  row.append(label, range, output, free);
  return row;
}

function tabs(network) {
  $("tabs").hidden = !network;
  for (const tab of $("tabs").children) {
    const chosen = tab.dataset.show === show;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    if (chosen) answer.setAttribute("aria-labelledby", tab.id);
  }
}

function choose(tab) {
  show = tab.dataset.show;
  tabs(true);
  ask();
}

function begin(found) {
  known = found;
  for (const name of Object.keys(found.examples)) $("examples").append(new Option(name, name));
  if (!text.value) text.value = Object.values(found.examples)[0];
}

for (const [name, title] of TABS) {
  const tab = document.createElement("button");
  Object.assign(tab, { type: "button", id: `tab-${name}`, textContent: title });
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", "answer");
  tab.dataset.show = name;
  tab.onclick = () => choose(tab);
  $("tabs").append(tab);
}
$("tabs").onkeydown = (event) => {
  const all = [...$("tabs").children], place = all.indexOf(document.activeElement);
  const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  const tab = all[(to + all.length) % all.length];
  tab.focus();
  choose(tab);
  event.preventDefault();
};

// ---- completion

let chosen = -1;

function word() {
  return text.value.slice(0, text.selectionStart).match(/(?:->|→)\s*([A-Za-z]\w*)$/)?.[1];
}

function complete() {
  const typed = word();
  const found = typed ? known.kinds.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()) && name !== typed).slice(0, 12) : [];
  chosen = -1;
  list.replaceChildren(...found.map(({ name, does }, place) => {
    const item = document.createElement("li"), words = document.createElement("small");
    item.id = `kind-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    words.textContent = `  ${does}`;
    item.append(name, words);
    item.dataset.name = name;
    item.onmousedown = (event) => {
      event.preventDefault();
      take(item);
    };
    return item;
  }));
  open(found.length > 0);
}

function open(is) {
  list.hidden = !is;
  text.setAttribute("aria-expanded", String(is));
  if (!is) text.removeAttribute("aria-activedescendant");
}

function take(item) {
  const end = text.selectionStart, start = end - word().length;
  text.setRangeText(item.dataset.name, start, end, "end");
  open(false);
  ask();
}

text.onkeydown = (event) => {
  if (list.hidden) return;
  const items = [...list.children];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
    text.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && chosen >= 0) {
    take(items[chosen]);
  } else if (event.key === "Escape") {
    open(false);
  } else return;
  event.preventDefault();
};
text.oninput = () => {
  complete();
  ask();
};
text.onblur = () => open(false);

// ---- examples, files, the address

$("examples").onchange = () => {
  const network = known.examples[$("examples").value];
  if (!network) return;
  text.value = network;
  values = {};
  names = [];
  ask();
};

async function read(file) {
  if (!file || !ready || waiting) return;
  if (file.size > 512 * 2 ** 20) return say("The file is larger than 512 MB.");
  answer.setAttribute("aria-busy", "true");
  const ending = file.name.match(/\.\w+$/)?.[0] ?? "";
  send("network_in_file", `/tmp/${file.name.replace(/\.\w+$/, "").replace(/[^\w.-]/g, "_") || "model"}${ending}`, ({ result, failed }) => {
    answer.setAttribute("aria-busy", "false");
    if (failed || result.error) return say(`${file.name}: ${failed || result.error.message}`);
    text.value = result.notation;
    values = {};
    names = [];
    ask();
  }, await file.arrayBuffer());
}

$("file").onchange = () => read($("file").files[0]);
document.body.ondragover = (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
};
document.body.ondragleave = () => document.body.classList.remove("dropping");
document.body.ondrop = (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  read(event.dataTransfer.files[0]);
};

function address() {
  const fields = new URLSearchParams({ n: text.value });
  for (const name of names) if (values[name]) fields.set(`at.${name}`, values[name]);
  if (show !== "table") fields.set("show", show);
  history.replaceState(null, "", `#${fields}`);
}

function fromAddress() {
  const fields = new URLSearchParams(location.hash.slice(1));
  text.value = fields.get("n") ?? text.value;
  values = {};
  for (const [name, value] of fields) if (name.startsWith("at.") && /^[0-9]{1,6}$/.test(value)) values[name.slice(3)] = Number(value);
  if (TABS.some(([name]) => name === fields.get("show"))) show = fields.get("show");
  names = [];
}

$("share").onclick = async () => {
  address();
  try {
    await navigator.clipboard.writeText(location.href);
    say("The address is copied.", true);
  } catch {
    say(location.href, true);
  }
};
window.onhashchange = () => {
  fromAddress();
  ask();
};

if (window !== window.parent) document.documentElement.classList.add("framed"); // in a page of the manual
fromAddress();
start();
