// Reads one JSON array a line from stdin, [value, format, zone or null, language], and prints one JSON value a line:
// what `datetime-format` prints with moment.js and moment-timezone, null where it is an error, and {"loose": text}
// where only `new Date` could read the date.
//
//   node scripts/oracle/dates.js FOLDER      (a folder in which `npm install moment moment-timezone` was run)
//
// A text that means one time with ` UTC` added, as moment.js does, and another without it, is an error.
'use strict';
process.env.TZ = 'UTC';
const path = require('path');
const folder = path.join(path.resolve(process.argv[2] || '.'), 'node_modules');
const moment = require(path.join(folder, 'moment-timezone'));
moment.suppressDeprecationWarnings = true;
let isLoose = false;
moment.createFromInputFallback = (config) => {
  isLoose = true;
  config._d = new Date(config._i + (config._useUTC ? ' UTC' : ''));
};

const known = new Set(['en']);
function load(name) {
  if (!known.has(name)) {
    require(path.join(folder, 'moment', 'locale', name));
    known.add(name);
  }
  moment.locale('en');
}

function print([value, format, zone, language]) {
  load(language);
  isLoose = false;
  let date = moment.utc(value);
  if (!date.isValid()) return null;
  if (isLoose && new Date(value).valueOf() !== date.valueOf()) return null;
  if (zone !== null) {
    if (!moment.tz.zone(zone)) return null;
    date = date.tz(zone);
    if (!date.isValid()) return null;
  }
  try {
    const text = date.locale(language).format(format);
    return isLoose ? { loose: text } : text;
  } catch (error) {
    return null;
  }
}

const lines = require('readline').createInterface({ input: process.stdin });
lines.on('line', (line) => process.stdout.write(JSON.stringify(print(JSON.parse(line))) + '\n'));
