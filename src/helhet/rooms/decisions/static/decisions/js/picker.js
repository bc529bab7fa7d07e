// SPDX-License-Identifier: EUPL-1.2
// Puts a figure into the text where the writer stands. Without this script the same button asks the server to do it.
for (const button of document.querySelectorAll("button[data-insert]")) {
  button.addEventListener("click", (event) => {
    const area = button.form?.querySelector("textarea");
    if (!area) return;
    event.preventDefault();
    let [start, end] = [area.selectionStart, area.selectionEnd];
    // Never inside another figure: step out after its closing braces.
    if (area.value.lastIndexOf("{{", start - 1) > area.value.lastIndexOf("}}", start - 1)) {
      const close = area.value.indexOf("}}", start);
      start = end = close < 0 ? area.value.length : close + 2;
    }
    const space = start && !/\s$/.test(area.value.slice(0, start)) ? " " : "";
    area.setRangeText(space + button.dataset.insert, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
}
