// SPDX-License-Identifier: EUPL-1.2
// Puts a standard text into the reason. Without this script the same button asks the server to do it.
for (const button of document.querySelectorAll('button[data-into]')) {
  button.addEventListener('click', (event) => {
    const area = document.getElementById(button.dataset.into);
    const chosen = button.form?.elements.standard?.selectedOptions[0];
    if (!area || !chosen) return;
    event.preventDefault();
    area.value = [area.value.trim(), chosen.textContent].filter(Boolean).join('\n\n');
    const language = button.form.elements.language;
    if (language) language.value = button.dataset.language;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    area.focus();
  });
}
