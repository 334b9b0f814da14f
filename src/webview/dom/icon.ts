/** Icons of 16 by 16, as paths that are filled with the text colour; the heartbeat is a line. */
const PATHS = {
  pause: 'M4 2h3v12H4zM9 2h3v12H9z',
  play: 'M4 2l9 6-9 6z',
  follow: 'M7.25 1.5h1.5v7.2l2.7-2.7 1.05 1.05L8 11.55 3.5 7.05 4.55 6l2.7 2.7zM3 13h10v1.5H3z',
  clear: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.4a5.1 5.1 0 0 0-4 8.25L11.15 4A5.1 5.1 0 0 0 8 2.9zM12.1 4.95 4.95 12.1A5.1 5.1 0 0 0 12.1 4.95z',
  heartbeat: 'M1 8h3.3L6.5 3.5l3 9 2-4.5H15',
  timeline: 'M1 3h9v2H1zM4 7h11v2H4zM2 11h7v2H2z',
  send: 'M1.5 1.8 15 8 1.5 14.2 3.2 8.7 9 8 3.2 7.3z',
  close: 'm8 6.9 3.9-3.9 1.1 1.1L9.1 8l3.9 3.9-1.1 1.1L8 9.1l-3.9 3.9L3 11.9 6.9 8 3 4.1 4.1 3z',
  filter: 'M1.5 2.5h13l-5 6V14l-3-1.6V8.5z',
  question: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.3a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8zM7.3 10.5h1.4V12H7.3zM8 4.2c1.5 0 2.5.8 2.5 2.1 0 1.7-1.8 1.7-1.8 3.3H7.3c0-2.2 1.7-2.2 1.7-3.2 0-.5-.4-.8-1-.8s-1 .4-1.1 1H5.5c.1-1.4 1.1-2.4 2.5-2.4z',
  find: 'M6.5 1.5a5 5 0 0 1 3.9 8.1l4.1 4.1-.9.9-4.1-4.1a5 5 0 1 1-3-9zm0 1.3a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z',
  warning: 'M8 1.5 15.3 14.5H.7zM8 4.4 3.1 13.2h9.8zM7.3 7h1.4v3.3H7.3zM7.3 11h1.4v1.3H7.3z',
} as const;

export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** An icon for the eye only; whoever uses it gives it a label. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  path.setAttribute('class', name === 'heartbeat' ? 'stroked' : 'filled');
  svg.append(path);
  return svg;
}
