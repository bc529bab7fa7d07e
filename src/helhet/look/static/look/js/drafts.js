// SPDX-License-Identifier: EUPL-1.2
// Keeps what is typed in form[data-draft="key"] in this browser until the server has accepted it,
// so that a lost connection, a closed tab or an expired form costs nobody their words.
// Never kept: passwords, files, hidden fields and fields marked data-draft-skip.

const PREFIX = 'helhet.draft.';
const KEPT_DAYS = 7;
const SENT_MS = 2 * 60 * 1000;
const owner = document.body.dataset.owner ?? '';
const words = document.querySelector('meta[name="look-words"]')?.dataset ?? {};

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
};
const write = (key, draft) => {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(draft));
  } catch {
    // Storage may be full or forbidden: then the form works as it did without us.
  }
};
const forget = (key) => {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept.
  }
};
const kept = () => {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  } catch {
    return [];
  }
};

const SKIPPED = new Set(['password', 'hidden', 'file', 'submit', 'button', 'reset', 'image', 'search', 'range']);
const fields = (form) =>
  [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type) && !field.closest('[data-draft-skip]'));
const toggles = (field) => field.type === 'radio' || field.type === 'checkbox';
const untouched = (field) => {
  if (toggles(field)) return field.checked === field.defaultChecked;
  if (field.options) return [...field.options].every((option) => option.selected === option.defaultSelected) || field.selectedIndex <= 0;
  return field.value === field.defaultValue;
};

function collect(form) {
  const values = {};
  for (const field of fields(form)) {
    const list = (values[field.name] ??= []);
    if (toggles(field)) {
      if (field.checked) list.push(field.value);
    } else if (field.multiple && field.options) {
      list.push(...[...field.selectedOptions].map((option) => option.value));
    } else {
      list.push(field.value);
    }
  }
  return values;
}

function restore(form, values) {
  let changed = false;
  const used = {};
  for (const field of fields(form)) {
    const list = values[field.name];
    if (!list || !untouched(field)) continue;
    if (toggles(field)) {
      const checked = list.includes(field.value);
      changed ||= checked !== field.checked;
      field.checked = checked;
    } else if (field.multiple && field.options) {
      for (const option of field.options) option.selected = list.includes(option.value);
    } else {
      const value = list[(used[field.name] = (used[field.name] ?? -1) + 1)];
      if (value === undefined || value === field.value) continue;
      field.value = value;
      changed = true;
    }
  }
  return changed;
}

function say(form, key) {
  const line = document.createElement('p');
  line.className = 'draft';
  line.setAttribute('role', 'status');
  form.append(line);
  const text = document.createElement('span');
  text.textContent = words.restored ?? '';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words.discard ?? '';
  button.addEventListener('click', () => {
    forget(key);
    form.reset();
    line.remove();
    fields(form)[0]?.focus();
  });
  line.append(text, button);
}

// Nothing is sent without a connection: the page stays, with everything in it, also what cannot be kept.
function sayLost(form) {
  const line = form.querySelector('[data-lost]') ?? document.createElement('p');
  line.className = 'draft';
  line.dataset.lost = '';
  line.setAttribute('role', 'status');
  form.append(line);
  line.textContent = words.lost ?? '';
  addEventListener('online', () => line.remove(), { once: true });
}

function watch(form) {
  const key = form.dataset.draft;
  const draft = read(key);
  const wrong = form.querySelector('[aria-invalid="true"], .ds-error-summary');
  if (draft && !wrong && (!draft.owner || draft.owner === owner) && restore(form, draft.values)) say(form, key);
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = 0;
    if (fields(form).every(untouched)) forget(key);
    else write(key, { owner, at: Date.now(), values: collect(form) });
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  form.addEventListener('change', save);
  form.addEventListener('submit', (event) => {
    save();
    if (!navigator.onLine && !form.hasAttribute('data-offline')) {
      event.preventDefault();
      return sayLost(form);
    }
    const saved = read(key);
    if (saved) write(key, { ...saved, sent: Date.now() });
  });
  addEventListener('pagehide', () => timer && save());
}

// A page that came after sending: accepted when it says so, or when the form is gone and nothing failed.
function tidy() {
  const failed = document.body.hasAttribute('data-failed');
  const thanked = document.querySelector('.message--success') !== null;
  for (const key of kept()) {
    const draft = read(key);
    const old = !draft || Date.now() - draft.at > KEPT_DAYS * 86_400_000;
    const sent = draft?.sent && Date.now() - draft.sent < SENT_MS;
    const form = document.querySelector(`form[data-draft="${CSS.escape(key)}"]`);
    const wrong = form?.querySelector('[aria-invalid="true"], .ds-error-summary');
    if (old || (sent && !failed && !wrong && (thanked || !form))) forget(key);
  }
  for (const mark of document.querySelectorAll('[data-draft-done]')) forget(mark.dataset.draftDone);
  for (const form of document.querySelectorAll('form[data-draft-clear]')) {
    form.addEventListener('submit', () => {
      kept().forEach(forget);
      globalThis.caches?.delete('helhet-offline');
    });
  }
}

tidy();
document.querySelectorAll('form[data-draft]').forEach(watch);
document.addEventListener('htmx:load', (event) => {
  const part = event.detail.elt;
  if (part === document.body) return;
  const forms = [...(part.querySelectorAll?.('form[data-draft]') ?? [])];
  if (part.matches?.('form[data-draft]')) forms.push(part);
  for (const mark of part.querySelectorAll?.('[data-draft-done]') ?? []) forget(mark.dataset.draftDone);
  forms.forEach(watch);
});
