// SPDX-License-Identifier: EUPL-1.2
// [data-slider]: the number field and the range follow each other.
// form[data-repaint="URL"]: after each change the server's new figures replace the elements of the same id.
// One request at a time and the last value wins, so that figures stay in step with the hand however fast it moves.

const comma = !document.documentElement.lang.startsWith('en');
const words = document.querySelector('meta[name="look-words"]')?.dataset ?? {};
const HUNG_MS = 8000;
const known = new WeakSet();

const spoken = (value) => (comma ? value.replace('.', ',') : value).replace('-', '−');
const parsed = (text) => Number(text.replace(/[\s\u00a0\u202f]/g, '').replace('−', '-').replace(',', '.'));

function pair(part) {
  const range = part.querySelector('input[type="range"]');
  const field = part.querySelector('input:not([type="range"])');
  if (!range || !field || known.has(part)) return;
  known.add(part);
  const unit = range.getAttribute('aria-valuetext')?.replace(/^[\d\s\u00a0\u202f.,−-]+/, '') ?? '';
  const tell = () => range.setAttribute('aria-valuetext', `${field.value} ${unit}`.trim());
  range.addEventListener('input', () => {
    field.value = spoken(range.value);
    tell();
  });
  field.addEventListener('input', () => {
    const value = parsed(field.value);
    if (field.value.trim() && Number.isFinite(value)) range.value = String(value);
    tell();
  });
}

function swap(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const fresh of page.querySelectorAll('[data-repaint-part][id], body > [id]')) {
    const stale = document.getElementById(fresh.id);
    if (!stale) continue;
    const open = [...stale.querySelectorAll('details')].map((part) => part.open);
    fresh.querySelectorAll('details').forEach((part, at) => (part.open = open[at] ?? part.open));
    stale.replaceWith(document.adoptNode(fresh));
    window.htmx?.process(fresh);
  }
}

function repaint(form) {
  let running = null;
  let waiting = false;
  const query = () => {
    const data = new FormData(form);
    const pairs = [...data].filter(([name, value]) => typeof value === 'string' && !name.endsWith('_reglage') && name !== 'csrfmiddlewaretoken');
    return new URLSearchParams(pairs).toString();
  };
  const line = form.querySelector('[data-repaint-status]');
  const say = (text) => line && (line.textContent = text);
  const run = async () => {
    if (running) {
      waiting = true;
      return;
    }
    waiting = false;
    running = new AbortController();
    const hung = setTimeout(() => running?.abort(), HUNG_MS);
    form.setAttribute('aria-busy', 'true');
    try {
      const url = new URL(form.dataset.repaint, location.href);
      url.search = query();
      const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, signal: running.signal, credentials: 'same-origin' });
      if (answer.ok || answer.status === 422) {
        const html = await answer.text();
        swap(html);
        say('');
        if (answer.ok && form.hasAttribute('data-repaint-history')) history.replaceState(history.state, '', `?${url.searchParams}`);
      } else {
        say(words.failed ?? '');
      }
    } catch (error) {
      if (error.name !== 'AbortError' || !waiting) say(words.offline ?? '');
    } finally {
      clearTimeout(hung);
      running = null;
      form.removeAttribute('aria-busy');
      if (waiting) run();
    }
  };
  form.addEventListener('input', (event) => event.target.name && run());
  form.addEventListener('submit', () => running?.abort());
}

const start = (root) => {
  root.querySelectorAll('[data-slider]').forEach(pair);
  root.querySelectorAll('form[data-repaint]').forEach((form) => {
    if (known.has(form)) return;
    known.add(form);
    repaint(form);
  });
};
start(document);
document.addEventListener('htmx:load', (event) => event.detail.elt.querySelectorAll && start(event.detail.elt));
