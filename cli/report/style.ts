/*
 * The look of the page: for a screen in light and dark, for a phone, and for paper. Fonts are those of the machine that shows
 * it. Nothing in it is loaded from anywhere.
 */

export const STYLE = `
:root {
  --paper: #ffffff; --ink: #1c2127; --soft: #56606b; --rule: #d9dee3; --faint: #f5f7f8;
  --accent: #1f5f85; --bar: #5b93b3; --over: #b3261e; --over-faint: #fdf0ee; --warn: #7a4d00; --warn-faint: #fdf5e3;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
  color-scheme: light dark;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e4e8ec; --soft: #a0abb6; --rule: #323b45; --faint: #1b2127;
    --accent: #8fc4e4; --bar: #5f9dc0; --over: #ff9488; --over-faint: #33201f; --warn: #f0c070; --warn-faint: #2c2516;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1.5rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 400 0.9375rem/1.55 var(--sans); font-variant-numeric: tabular-nums lining-nums;
}
.page { max-width: 78rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3.5rem) clamp(1rem, 4vw, 3rem) 4rem; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
p { margin: 0 0 0.75rem; max-width: 44rem; }
.id:not(td) { font-family: var(--mono); font-size: 0.86em; overflow-wrap: anywhere; }
.head { border-top: 3px solid var(--ink); padding-top: 1.1rem; margin-bottom: 2.25rem; }
.kind { margin: 0; color: var(--soft); font-size: 0.8125rem; letter-spacing: 0.02em; }
h1 { margin: 0.15rem 0 1.1rem; font-size: clamp(1.75rem, 4.5vw, 2.5rem); line-height: 1.12; font-weight: 650; letter-spacing: -0.022em; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: 0.7rem 2rem; margin: 0; }
.facts dt, .tile dt { color: var(--soft); font-size: 0.8125rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts .wide { grid-column: span 2; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0; margin: 0 0 2rem; border: 1px solid var(--rule); border-width: 1px 0; }
.tile { display: flex; flex-direction: column; padding: 0.9rem 1rem 0.95rem; border-left: 1px solid var(--rule); margin-left: -1px; }
.tile:first-child { border-left: 0; padding-left: 0; margin-left: 0; }
.tile dd { margin: 0; }
.tile .value { margin-top: auto; font-size: 1.875rem; line-height: 1.2; font-weight: 600; letter-spacing: -0.02em; }
.tile .more { min-height: 2.8em; color: var(--soft); font-size: 0.8125rem; line-height: 1.4; }
.tile.bad .value { color: var(--over); }
.tile.attention .value { color: var(--warn); }
.notice { border-left: 3px solid var(--warn); background: var(--warn-faint); padding: 0.75rem 1rem; margin: 0 0 2rem; }
.notice p { margin: 0; max-width: none; }
.contents ol { list-style: none; margin: 0; padding: 0; font-size: 0.875rem; }
.contents li { margin: 0; }
.contents a { display: flex; justify-content: space-between; gap: 1rem; padding: 0.3rem 0; text-decoration: none; border-bottom: 1px solid var(--rule); color: var(--ink); }
.contents a:hover { color: var(--accent); }
.contents .count { color: var(--soft); }
section { margin: 0 0 3rem; }
h2 { font-size: 1.3125rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.012em; margin: 0 0 0.5rem; padding-top: 0.9rem; border-top: 1px solid var(--ink); }
h3 { font-size: 1rem; line-height: 1.35; font-weight: 650; margin: 0 0 0.35rem; }
h2 .number { color: var(--soft); font-weight: 400; margin-right: 0.6em; }
.lead { color: var(--soft); margin-bottom: 1.1rem; }
.none { color: var(--soft); border: 1px dashed var(--rule); padding: 0.7rem 1rem; max-width: none; margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.8438rem; line-height: 1.45; }
th { text-align: left; font-weight: 600; color: var(--soft); padding: 0.4rem 0.9rem 0.4rem 0; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
td { padding: 0.42rem 0.9rem 0.42rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; white-space: nowrap; padding-right: 1.4rem; }
td.moment, td.id { white-space: nowrap; }
td.name { overflow-wrap: anywhere; }
td.name { font-weight: 550; min-width: 8.5rem; }
td.principal { min-width: 15rem; }
.sub { display: block; color: var(--soft); font-weight: 400; font-size: 0.92em; }
.mark { font-weight: 600; }
.mark.bad { color: var(--over); }
.mark.attention { color: var(--warn); }
.nowrap { white-space: nowrap; }
figure { margin: 0 0 1.75rem; }
figcaption { color: var(--soft); font-size: 0.8125rem; margin-top: 0.5rem; max-width: 44rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.35rem 1.4rem; margin: 0 0 0.85rem; padding: 0; list-style: none; font-size: 0.8125rem; color: var(--soft); }
.legend svg { vertical-align: -1px; margin-right: 0.45rem; overflow: visible; }
.chart { display: block; width: calc(100% - 2.75rem); margin-left: 2.5rem; overflow: visible; }
.chart.rows { width: 100%; margin-left: 0; }
.chart text { font: 0.75rem var(--sans); fill: var(--soft); font-variant-numeric: tabular-nums; }
.chart text.label { fill: var(--ink); font-size: 0.8125rem; }
.chart text.limit { fill: var(--over); font-weight: 600; }
.chart text.tally { fill: var(--ink); }
.grid { stroke: var(--rule); stroke-width: 1; shape-rendering: crispEdges; }
.axis { stroke: var(--ink); stroke-width: 1; shape-rendering: crispEdges; }
.rail { fill: var(--faint); }
.within { fill: var(--bar); }
.beyond { fill: var(--over); }
line.limit { stroke: var(--over); stroke-width: 1.5; stroke-dasharray: 5 3; }
line.tick { stroke: var(--ink); stroke-width: 2; }
.controls { margin: 0; }
.control { display: grid; grid-template-columns: minmax(10rem, 14rem) 1fr; gap: 0.25rem 2rem; padding: 1rem 0; border-bottom: 1px solid var(--rule); }
.control:first-child { padding-top: 0.25rem; }
.control p { margin: 0 0 0.35rem; }
.control .by { color: var(--soft); font-size: 0.8125rem; }
.control ul { margin: 0 0 0.35rem; padding-left: 1.1rem; max-width: 44rem; }
.asks { font-style: italic; }
.foot { border-top: 1px solid var(--rule); padding-top: 1rem; color: var(--soft); font-size: 0.8125rem; }
.foot p { margin: 0 0 0.4rem; }
@media screen and (min-width: 66rem) {
  .body { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); gap: 3rem; align-items: start; }
  .contents { position: sticky; top: 1.5rem; }
}
@media screen and (max-width: 65.99rem) {
  .contents { margin-bottom: 2.5rem; columns: 2; column-gap: 2rem; }
}
@media screen and (max-width: 44rem) {
  .facts { grid-template-columns: 1fr 1fr; gap: 0.6rem 1.25rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tile { border-bottom: 1px solid var(--rule); margin-bottom: -1px; padding: 0.7rem 0.75rem 0.75rem; }
  .tile:nth-child(odd) { border-left: 0; margin-left: 0; padding-left: 0; }
  .tile .value { margin-top: 0; font-size: 1.5rem; }
  .contents { columns: 1; }
  .tile .more { min-height: 0; }
  table, tbody, tr, td { display: block; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  tr { padding: 0.6rem 0; border-bottom: 1px solid var(--rule); }
  tbody tr:first-child { border-top: 1px solid var(--ink); }
  td, td.number { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0.75rem; padding: 0.1rem 0; border: 0; text-align: left; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); font-weight: 400; }
  td.name, td.principal { min-width: 0; }
  td.id { white-space: normal; }
  td.name { display: block; font-size: 0.9375rem; }
  td.name::before { content: none; }
  td.blank { display: none; }
  .chart .minor, .chart .tally { display: none; }
  .control { grid-template-columns: 1fr; }
}
@media print {
  @page { margin: 17mm 15mm 19mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #56606b; } }
  html { font-size: 9.6pt; }
  body { line-height: 1.45; }
  .page { padding: 0; max-width: none; }
  .contents { display: none; }
  .tiles { grid-template-columns: repeat(3, 1fr); }
  .tile .more { min-height: 0; }
  .tile:nth-child(4) { border-left: 0; padding-left: 0; margin-left: 0; }
  .tile .value { font-size: 1.6rem; }
  td.name { min-width: 8.5rem; }
  td.principal { min-width: 11rem; }
  table { font-size: 0.8rem; line-height: 1.38; }
  td { padding-top: 0.3rem; padding-bottom: 0.3rem; }
  section { margin-bottom: 1.6rem; }
  h2, h3, .lead { break-after: avoid; }
  thead { display: table-header-group; }
  tr, figure, .control, .tile { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
  .chart, .legend, .notice, .tiles { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
