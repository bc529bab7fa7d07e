// SPDX-License-Identifier: EUPL-1.2
// Puts a figure into the text where the writer stands. Without this script the same button asks the server to do it.
for (const button of document.querySelectorAll("button[data-insert]")) {
  button.addEventListener("click", (event) => {
    const area = button.form?.querySelector("textarea");
    if (!area) return;
    event.preventDefault();
    const before = area.value.slice(0, area.selectionStart);
    const space = before && !/\s$/.test(before) ? " " : "";
    area.setRangeText(space + button.dataset.insert, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
}
