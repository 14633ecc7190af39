// Bars per minute, drawn by hand.

import { h, s } from './dom.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 210, 40, 30, 12];

/** The next number above `value` that is easy to read. */
function ceiling(value) {
  if (value <= 4) return 4;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((it) => it * unit).find((it) => it >= value);
}

/**
 * Stacked bars of the last hour. `series`: name, member of a minute, colour class.
 */
export function chart(title, now, minutes, series) {
  const byMinute = new Map(minutes.map((it) => [it.at, it]));
  const all = Array.from({ length: 60 }, (_, at) => byMinute.get(now - 59 + at) ?? {});
  const sums = series.map(([, member]) => all.reduce((sum, it) => sum + (it[member] ?? 0), 0));
  const top = ceiling(Math.max(...all.map((it) => series.reduce((sum, [, member]) => sum + (it[member] ?? 0), 0))));
  const inner = HEIGHT - BOTTOM - TOP;
  const step = (WIDTH - LEFT) / 60;
  const y = (value) => TOP + inner * (1 - value / top);
  const bars = all.flatMap((minute, at) => {
    let below = 0;
    return series.map(([name, member, kind]) => {
      const value = minute[member] ?? 0;
      if (value === 0) return null;
      const from = below;
      below += value;
      const ago = 59 - at;
      return s('rect', { className: kind, x: LEFT + at * step + 1, width: step - 2, y: y(below), height: Math.max(y(from) - y(below), 1.5), rx: 1.5 },
        s('title', {}, `${value} ${name}, ${ago === 0 ? 'this minute' : `${ago} min ago`}`));
    });
  });
  const lines = [0, top / 2, top].map((value) => [
    s('line', { className: 'grid', x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value) }),
    s('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, String(value)),
  ]);
  const ticks = [[60, '1 h ago', 'start'], [30, '30 min', 'middle'], [0, 'now', 'end']]
    .map(([ago, text, anchor]) => s('text', { x: WIDTH - ago * step, y: HEIGHT - 4, 'text-anchor': anchor }, text));
  const spoken = series.map(([name], at) => `${sums[at]} ${name}`).join(', ');
  return h('figure', { className: 'chart' },
    s('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${title} in the last hour: ${spoken}` }, lines, bars, ticks),
    h('figcaption', { className: 'legend' }, series.map(([name, , kind], at) => h('span', {}, h('i', { className: kind }), `${name} · ${sums[at]}`))));
}
