// SPDX-License-Identifier: EUPL-1.2
// Small exchanges by htmx: say calmly when one fails, and mark what is being fetched.

const words = document.querySelector('meta[name="look-words"]')?.dataset ?? {};
const line = document.getElementById('lage');

function say(text) {
  if (!line) return;
  line.hidden = !text;
  line.textContent = text ?? '';
}

document.addEventListener('htmx:beforeRequest', (event) => event.detail.target?.setAttribute?.('aria-busy', 'true'));
document.addEventListener('htmx:afterRequest', (event) => {
  event.detail.target?.removeAttribute?.('aria-busy');
  if (event.detail.successful) say('');
});
document.addEventListener('htmx:responseError', (event) => say(event.detail.xhr.status === 429 ? words.busy : words.failed));
document.addEventListener('htmx:sendError', () => say(words.offline));
document.addEventListener('htmx:timeout', () => say(words.offline));
addEventListener('offline', () => say(words.offline));
addEventListener('online', () => say(''));
