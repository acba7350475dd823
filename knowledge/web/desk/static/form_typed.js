// Words that are thrown away are thrown away in this browser too.
for (const form of document.querySelectorAll("form[data-drawer]")) {
  form.addEventListener("submit", () => {
    try {
      localStorage.removeItem(form.dataset.drawer);
    } catch {
      // Nothing was kept here.
    }
  });
}
