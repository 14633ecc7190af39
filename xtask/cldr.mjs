// Writes src/engine/form/cldr.txt: how locales write numbers and currencies, from the CLDR data inside Node.
//
//     node xtask/cldr.mjs > src/engine/form/cldr.txt
//
// One row per locale, columns separated by tabs:
// locale, decimal separator, group separator, the same two for currencies, minus sign, digit zero, digits before the
// second group, fewest digits before the first separator, positive and negative currency pattern, then `USDUS$` …:
// symbols that are not the code itself. A row of a region or script holds only the symbols that differ from its
// language's.

const LANGUAGES = `af am ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is
it ja ka kk km kn ko ky lo lt lv mk ml mn mr ms my nb ne nl nn no or pa pl ps pt ro ru si sk sl sq sr sv sw ta te th
tk tr uk ur uz vi yo zh zu`.split(/\s+/);
const SCRIPTS = ["Arab", "Beng", "Cyrl", "Deva", "Guru", "Hans", "Hant", "Latn"];
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const REGIONS = letters.flatMap((a) => letters.map((b) => a + b)).concat("419", "001", "150");
const CURRENCIES = Intl.supportedValuesOf("currency");

const part = (parts, type) => parts.find((it) => it.type === type)?.value ?? "";

function numbers(locale, options) {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, ...options });
  const parts = format.formatToParts(1234567.5);
  const integers = parts.filter((it) => it.type === "integer").map((it) => [...it.value].length);
  let fewest = 4;
  while (integers.length > 1 && !part(format.formatToParts(10 ** (fewest - 1)), "group")) fewest += 1;
  return {
    decimal: part(parts, "decimal"),
    group: part(parts, "group"),
    second: integers.length > 1 ? integers.at(-2) : 3,
    fewest: fewest - 3,
  };
}

// Text before, between and after number and symbol. A symbol that is not a letter, so that no space is added to it.
function pattern(locale, amount) {
  for (const currency of ["EUR", "USD", "XXX"]) {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
    const parts = format.formatToParts(amount);
    if (![..."€$¤"].includes(part(parts, "currency"))) continue;
    let out = "";
    for (const { type, value } of parts) {
      if (type === "currency") out += "¤";
      else if (type === "literal" || type === "minusSign") out += value;
      else if (!out.endsWith("#")) out += "#";
    }
    return out;
  }
  throw new Error(`${locale}: no plain symbol`);
}

function symbol(locale, currency) {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency }).formatToParts(1);
  const at = parts.findIndex((it) => it.type === "currency");
  // A mark at the end of a symbol is told apart from it; no pattern has one there.
  const mark = parts[at + 1]?.value.startsWith("\u200f") ? "\u200f" : "";
  return parts[at].value + mark;
}

function describe(locale) {
  const plain = numbers(locale, {});
  const money = numbers(locale, { style: "currency", currency: "EUR" });
  const five = new Intl.NumberFormat(locale).formatToParts(-5);
  if (five.at(-1).type !== "integer") throw new Error(`${locale}: odd negative numbers`);
  const minus = five.slice(0, -1).map((it) => it.value).join("");
  const zero = part(new Intl.NumberFormat(locale).formatToParts(0), "integer");
  const head = [plain.decimal, plain.group, money.decimal, money.group, minus, zero];
  head.push(plain.second, plain.fewest, pattern(locale, 1), pattern(locale, -1));
  const symbols = new Map(CURRENCIES.map((code) => [code, symbol(locale, code)]));
  return { head, symbols };
}

const row = (locale, head, symbols) => console.log([locale, ...head, ...symbols].join("\t"));
const exists = (locale) => new Intl.NumberFormat(locale).resolvedOptions().locale === locale;

console.log(`# CLDR ${process.versions.cldr}, © Unicode, Inc., Unicode License v3. Written by xtask/cldr.mjs.`);
for (const language of LANGUAGES.toSorted()) {
  const base = describe(language);
  row(language, base.head, [...base.symbols].filter(([code, it]) => code !== it).map(([code, it]) => code + it));
  for (const subtag of [...REGIONS, ...SCRIPTS].toSorted()) {
    const locale = `${language}-${subtag}`;
    if (!exists(locale)) continue;
    const own = describe(locale);
    const symbols = [...own.symbols].filter(([code, it]) => base.symbols.get(code) !== it);
    if (symbols.length === 0 && own.head.join() === base.head.join()) continue;
    row(locale.toLowerCase(), own.head, symbols.map(([code, it]) => code + it));
  }
}
