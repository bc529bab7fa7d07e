{% load static %}// SPDX-License-Identifier: EUPL-1.2
// When a page cannot be reached, shows the kept form instead (see capture.js, which keeps it). Nothing else is kept.
const PAGE = '{% url "sluice:offline" %}';
const FILES = '{% get_static_prefix %}';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  const page = request.mode === 'navigate';
  const file = request.method === 'GET' && address.pathname.startsWith(FILES);
  if (address.origin !== self.location.origin || !(page || file)) return;
  event.respondWith(
    fetch(request).catch(async (lost) => {
      const kept = await caches.match(page ? PAGE : request, { ignoreVary: true });
      if (!kept) throw lost;
      return kept;
    }),
  );
});
