// SPDX-License-Identifier: EUPL-1.2
// The kept form: one press sends when there is a connection again, and says calmly when there is not.

const form = document.querySelector('form[data-offline]');
const said = form.querySelector('[data-said]');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { credentials: 'same-origin', cache: 'no-store' });
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const token = fresh.querySelector('form[data-draft] input[name="csrfmiddlewaretoken"]');
    // Somebody else, or nobody, is logged in by now: they meet the ordinary form and decide there.
    const same = (fresh.body.dataset.owner ?? '') === (document.body.dataset.owner ?? '');
    if (!answer.ok || !token || !same) return location.assign(form.action);
    form.elements.csrfmiddlewaretoken.value = token.value;
    form.submit();
  } catch {
    said.textContent = form.dataset.still;
    said.hidden = false;
  }
});
