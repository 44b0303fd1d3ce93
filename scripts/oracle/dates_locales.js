// Asks moment.js what it prints in each language, and writes down the answers for nac.templates.dates.
//
//   cd FOLDER && npm install moment moment-timezone
//   node scripts/oracle/dates_locales.js FOLDER > nac/templates/dates/locales.json
//
// Everything is found out by calling moment's public functions; a language whose answers do not fit the few shapes
// that `nac.templates.dates.locales` knows is left out, and said so on stderr.
'use strict';
const path = require('path');
const folder = path.join(path.resolve(process.argv[2] || '.'), 'node_modules');
const moment = require(path.join(folder, 'moment'));

const WANTED = ('en en-gb en-in en-au en-ca es es-mx fr fr-ca de de-at it pt pt-br nl sv da nb fi pl cs sk ru bg ro hu el tr ' +
  'he id ms vi th ko zh-cn zh-tw ar hi bn ta et lv lt sl hr sr ca').split(' ');
const FORMATS = 'LT LTS L LL LLL LLLL l ll lll llll'.split(' ');
const ORDINALS = 'M Q D DDD d w W y'.split(' ');
const RANGE = 10000;

const day = (year, month, date) => moment.utc([year, month, date]);

// The regular expressions under which a language uses another form of a word: moment's own, or one of those in use.
const DEFAULT = 'D[oD]?(\\[[^\\[\\]]*\\]|\\s)+MMMM?';
const CONTEXTS = [['^(?:(?!MMMM)[\\s\\S])*?D[\\s\\S]*MMMM', 'DMMMM'], [DEFAULT, 'Do MMMM'], ['D MMMM', 'D MMMM'], ['-MMM-', 'D-MMM-YYYY']];

function words(get, count, isFormat) {
  const plain = [];
  for (let i = 0; i < count; i++) plain.push(get(i, 'X'));
  const found = { words: plain };
  const contexts = isFormat ? [[isFormat.source, null]] : CONTEXTS;
  for (const [when, sample] of contexts) {
    const text = sample || isFormat.sample;
    const then = plain.map((_, i) => get(i, text));
    if (then.some((word, i) => word !== plain[i])) {
      found.when = when;
      found.then = then;
      break;
    }
  }
  return found;
}

function ordinal(data, token) {
  const all = [];
  for (let n = 0; n < RANGE; n++) all.push(String(data.ordinal(n, token)).replace(String(n), '%d'));
  const counts = {};
  for (const one of all) counts[one] = (counts[one] || 0) + 1;
  const most = Object.keys(counts).sort((a, b) => counts[b] - counts[a])[0];
  const rule = { else: most };
  const ends = {};
  for (let n = 0; n < 100; n++) if (all[n + 100] !== most) ends[n] = all[n + 100];
  for (let n = 100; n < RANGE; n++) if (all[n] !== (ends[n % 100] || most)) return null;
  const is = {};
  for (let n = 0; n < 100; n++) if (all[n] !== (ends[n] || most)) is[n] = all[n];
  if (Object.keys(ends).length) rule.ends = ends;
  if (Object.keys(is).length) rule.is = is;
  return rule;
}

function meridiem(data) {
  const found = [];
  for (let minute = 0; minute < 1440; minute++) {
    const at = [Math.floor(minute / 60), minute % 60];
    const pair = [data.meridiem(...at, true), data.meridiem(...at, false)];
    const last = found[found.length - 1];
    if (!last || last[1] !== pair[0] || last[2] !== pair[1]) found.push([minute, ...pair]);
  }
  return found;
}

function language(name) {
  if (name !== 'en') require(path.join(folder, 'moment', 'locale', name));
  const data = moment.localeData(name);
  const eras = JSON.stringify(data.eras().map((era) => [era.abbr, era.name, era.narrow]));
  if (eras !== JSON.stringify([['AD', 'Anno Domini', 'AD'], ['BC', 'Before Christ', 'BC']])) return 'has eras of its own';
  const isFormat = (value, ...samples) =>
    value && value.isFormat
      ? { source: value.isFormat.source, sample: samples.find((one) => value.isFormat.test(one)) }
      : null;
  const found = {
    months: words((i, text) => data.months(day(2023, i, 1), text), 12, isFormat(data._months, 'D MMMM')),
    monthsShort: words((i, text) => data.monthsShort(day(2023, i, 1), text), 12),
    weekdays: words((i, text) => data.weekdays(day(2023, 0, 1 + i), text), 7, isFormat(data._weekdays, '[On] dddd', 'dddd HH:mm')),
    weekdaysShort: words((i, text) => data.weekdaysShort(day(2023, 0, 1 + i), text), 7),
    weekdaysMin: words((i, text) => data.weekdaysMin(day(2023, 0, 1 + i), text), 7),
    formats: Object.fromEntries(FORMATS.map((key) => [key, data.longDateFormat(key)])),
    ordinals: {},
    meridiem: meridiem(data),
    week: [data.firstDayOfWeek(), data.firstDayOfYear()],
  };
  const rules = {};
  for (const token of ORDINALS) {
    const rule = ordinal(data, token);
    if (!rule) return `has ordinals for ${token} that fit no rule`;
    const text = JSON.stringify(rule);
    rules[text] = (rules[text] || []).concat(token);
  }
  for (const [text, tokens] of Object.entries(rules)) found.ordinals[tokens.join(' ')] = JSON.parse(text);
  const printed = {};
  for (let code = 32; code < 0x3000; code++) {
    const character = String.fromCharCode(code);
    const after = data.postformat(character);
    if (after !== character) printed[character] = after;
  }
  if (Object.keys(printed).length) found.printed = printed;
  return found;
}

const languages = {};
for (const name of WANTED) {
  const found = language(name);
  if (typeof found === 'string') process.stderr.write(`${name}: ${found}\n`);
  else languages[name] = found;
}
const lines = Object.entries(languages).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
process.stdout.write(`{\n${lines.join(',\n')}\n}\n`);
