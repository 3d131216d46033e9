// kubernetes_schema.js FOLDER: holds Kubernetes objects against their types.
//
// stdin is {NAME: OBJECT}, stdout {NAME: [PROBLEM]}. Each object is looked at twice: by TypeScript
// as a literal of its type, which sees fields that do not exist, and by the schema's own validator,
// which knows formats. FOLDER has the node_modules of kubernetes_npm/package-lock.json.
'use strict';

const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const folder = process.argv[2];
const load = createRequire(path.join(folder, 'package.json'));
const ts = load('typescript');

const moduleOf = (object) => `kubernetes-models/${object.apiVersion}/${object.kind}`;

function sourceOf(object) {
  const type = `I${object.kind}`;
  return `import { ${type} } from ${JSON.stringify(moduleOf(object))};
export const object: ${type} = ${JSON.stringify(object)};
`;
}

// The text of each object is a module of its own, beside node_modules, that exists in memory only.
function typeProblems(objects) {
  const texts = new Map();
  const files = new Map();
  for (const [name, object] of Object.entries(objects)) {
    const file = path.join(folder, `object${files.size}.ts`);
    texts.set(file, sourceOf(object));
    files.set(file, name);
  }
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) =>
    texts.has(file)
      ? ts.createSourceFile(file, texts.get(file), options.target, true)
      : read(file, ...rest);
  const exists = host.fileExists;
  host.fileExists = (file) => texts.has(file) || exists(file);
  const program = ts.createProgram([...texts.keys()], options, host);
  const found = [];
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    found.push([files.get(diagnostic.file?.fileName), text]);
  }
  return found;
}

function validatorProblems(object) {
  const Model = load(moduleOf(object))[object.kind];
  try {
    new Model(object).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

const objects = JSON.parse(fs.readFileSync(0, 'utf8'));
const problems = {};
for (const [name, object] of Object.entries(objects)) {
  problems[name] = validatorProblems(object);
}
for (const [name, problem] of typeProblems(objects)) {
  if (name === undefined) throw new Error(problem);
  problems[name].push(problem);
}
process.stdout.write(JSON.stringify(problems));
