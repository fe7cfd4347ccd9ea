// Runs Python. The page sends {id, call, argument}; the answer is {id, result} or {id, failed}.
const settings = await (await fetch("settings.json")).json();
const base = new URL(settings.pyodide, self.location.href).href;
const { loadPyodide } = await import(base + "pyodide.mjs");
const pyodide = await loadPyodide({ indexURL: base });

async function unpack(name) {
  const archive = await (await fetch(name)).arrayBuffer();
  pyodide.unpackArchive(archive, "zip", { extractDir: "/symnet" });
}

await unpack("symnet.zip");
pyodide.runPython("import sys; sys.path.insert(0, '/symnet')");
const answers = pyodide.pyimport("symnet.playground.answers");

async function called(name, argument) {
  try {
    return answers[name](...(argument === undefined ? [] : [argument]));
  } catch (failed) {
    if (!String(failed).includes("No module named 'sympy'")) throw failed;
    await unpack("sympy.zip"); // what few answers need
    return answers[name](argument);
  }
}

self.onmessage = async ({ data: { id, call, argument, file } }) => {
  try {
    if (file !== undefined) {
      pyodide.FS.writeFile(argument, new Uint8Array(file));
    }
    self.postMessage({ id, result: JSON.parse(await called(call, argument)) });
  } catch (failed) {
    self.postMessage({ id, failed: String(failed).trim().split("\n").pop() });
  } finally {
    if (file !== undefined) pyodide.FS.unlink(argument);
  }
};
self.postMessage({ ready: JSON.parse(answers.kinds()) });
