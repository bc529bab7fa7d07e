// SPDX-License-Identifier: EUPL-1.2
// The phone's own: where one is, and the form kept for when there is no connection.

const { worker, page } = document.getElementById('capture-script').dataset;
const owner = document.body.dataset.owner ?? '';
const KEPT = 'helhet-offline';

// The form without a connection: once a visit, with the files it needs and nothing else.
async function keepForm() {
  const mark = `${KEPT}.${owner}`;
  if (!navigator.onLine || sessionStorage.getItem(mark)) return;
  await navigator.serviceWorker.register(worker, { scope: '/' });
  const answer = await fetch(page, { credentials: 'same-origin' });
  if (!answer.ok) return;
  const copy = answer.clone();
  const form = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const needs = [...form.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src]')];
  const wanted = needs.map((one) => new URL(one.getAttribute('href') ?? one.getAttribute('src'), location.href).href);
  const cache = await caches.open(KEPT);
  await cache.addAll(wanted);
  await cache.put(page, copy);
  const address = new URL(page, location.href).href;
  for (const old of await cache.keys()) {
    if (old.url !== address && !wanted.includes(old.url)) await cache.delete(old);
  }
  sessionStorage.setItem(mark, '1');
}
if ('serviceWorker' in navigator && 'caches' in window) {
  keepForm().catch(() => {
    // Without a kept form everything works as before, as long as there is a connection.
  });
}

function watchPlace(part) {
  const button = part.querySelector('button');
  const line = part.querySelector('[role="status"]');
  const [latitude, longitude] = ['latitude', 'longitude'].map((name) => part.querySelector(`input[name="${name}"]`));
  const ask = button.textContent;
  const set = (here) => {
    latitude.value = here ? here.latitude.toFixed(5) : '';
    longitude.value = here ? here.longitude.toFixed(5) : '';
    line.textContent = here ? part.dataset.found : '';
    button.textContent = here ? part.dataset.away : ask;
  };
  button.hidden = false;
  if (latitude.value && longitude.value) set({ latitude: Number(latitude.value), longitude: Number(longitude.value) });
  button.addEventListener('click', () => {
    if (latitude.value) return set(null);
    button.setAttribute('aria-busy', 'true');
    const done = (act) => (result) => {
      button.removeAttribute('aria-busy');
      act(result);
    };
    navigator.geolocation.getCurrentPosition(
      done((found) => set(found.coords)),
      done(() => (line.textContent = part.dataset.none)),
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
if ('geolocation' in navigator) document.querySelectorAll('[data-place]').forEach(watchPlace);
