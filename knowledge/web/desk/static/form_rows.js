// Rows that are added, removed and moved without loading the page.

export function startRows(form, changed) {
  const told = document.getElementById("save-state");

  function rows(group) {
    return [...group.querySelector(":scope > [data-rows]").children];
  }

  function renumber(group) {
    rows(group).forEach((row, at) => {
      for (const place of row.querySelectorAll("[data-number]")) {
        if (place.closest("[data-row]") === row) place.textContent = String(at + 1);
      }
    });
  }

  function next(group) {
    const level = group.dataset.group.split(".").length;
    const numbers = rows(group).map((row) => Number(row.querySelector("[name^='remove:']").name.split(":")[1].split(".")[level]));
    return Math.max(-1, ...numbers) + 1;
  }

  function add(group) {
    const level = group.dataset.level;
    const number = next(group);
    const html = group
      .querySelector(":scope > template")
      .innerHTML.replaceAll(`__${level}__`, String(number))
      .replaceAll(`__n${level}__`, String(rows(group).length + 1));
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const row = holder.content.firstElementChild;
    group.querySelector(":scope > [data-rows]").append(row);
    row.dispatchEvent(new CustomEvent("desk:row", { bubbles: true }));
    row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  }

  function remove(group, row) {
    const there = rows(group);
    const after = there[there.indexOf(row) + 1] || there[there.indexOf(row) - 1];
    row.remove();
    renumber(group);
    told.textContent = form.dataset.removed;
    told.dataset.mood = "";
    (after?.querySelector("[data-remove]") || group.querySelector(":scope > [data-add]")).focus();
  }

  // The names carry the numbers: the values change places, the rows stay.
  function moveUp(group, row) {
    const there = rows(group);
    const at = there.indexOf(row);
    if (at < 1) return;
    const fields = (one) => [...one.querySelectorAll("input, textarea, select")].filter((field) => field.name);
    const [upper, lower] = [fields(there[at - 1]), fields(row)];
    upper.forEach((field, place) => {
      const other = lower[place];
      if (field.tagName === "SELECT" && other) {
        const kept = [field.innerHTML, field.value, other.innerHTML, other.value];
        [field.innerHTML, other.innerHTML] = [kept[2], kept[0]];
        [field.value, other.value] = [kept[3], kept[1]];
        for (const one of [field, other]) one.dispatchEvent(new CustomEvent("desk:set"));
      } else if (other) {
        [field.value, other.value] = [other.value, field.value];
      }
    });
    there[at - 1].querySelector("[data-up]").focus();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove], [data-up]");
    if (!button) return;
    event.preventDefault();
    const group = button.closest("[data-group]");
    if (button.hasAttribute("data-add")) add(group);
    else if (button.hasAttribute("data-remove")) remove(group, button.closest("[data-row]"));
    else moveUp(group, button.closest("[data-row]"));
    changed();
  });
}
