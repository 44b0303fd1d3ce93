// Cases as lines of JSON on stdin → what handlebars.js prints for each, or its error, as lines of JSON on stdout.
'use strict';
const Handlebars = require(process.argv[2] + '/node_modules/handlebars');

const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
const helpers = {
  show(...args) {
    const { name, hash } = args.pop();
    return [name, ...args.map(kind), ...Object.keys(hash).map((key) => key + '=' + kind(hash[key]))].join(' ');
  },
  same: (value) => value,
  safe: (value) => new Handlebars.SafeString('<b>' + kind(value) + '</b>'),
  wrap(...args) {
    const options = args.pop();
    if (!options.fn) return 'no block';
    return '[' + options.fn(args.length ? args[0] : this) + '|' + options.inverse(this) + ']';
  },
};
const hooks = {
  helperMissing(...args) {
    const options = args.pop();
    return '?' + options.name + args.map(kind).join();
  },
  blockHelperMissing(value, options) {
    return '{' + kind(value) + options.fn(this) + options.inverse(value) + '}';
  },
};
const environments = { plain: {}, helpers, hooks: { ...helpers, ...hooks } };
const engines = Object.fromEntries(
  Object.entries(environments).map(([name, own]) => {
    const engine = Handlebars.create();
    engine.registerHelper(own);
    engine.log = () => {};
    return [name, engine];
  }),
);

for (const line of require('fs').readFileSync(0, 'utf8').split('\n')) {
  if (!line) continue;
  const { template, data, partials, strict, helpers } = JSON.parse(line);
  let result;
  try {
    result = { prints: engines[helpers].compile(template, { strict })(data, { partials: { ...partials } }) };
  } catch (error) {
    result = { fails: String(error.message) };
  }
  console.log(JSON.stringify(result));
}
