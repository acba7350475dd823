// How far a file or a machine is: asked every second and a half, until it is done.

const bar = document.querySelector("progress[data-run]");
const numbers = document.getElementById("numbers");
const said = document.getElementById("said");

async function look() {
  let answer;
  try {
    answer = await fetch(`/desk/translations/run/${bar.dataset.run}/progress`, { headers: { Accept: "application/json" } });
  } catch {
    return setTimeout(look, 5000);
  }
  if (!answer.ok) return location.reload();
  const { state, done, total } = await answer.json();
  if (state !== bar.dataset.state) return location.reload();
  bar.max = Math.max(total, 1);
  bar.value = done;
  numbers.textContent = `${done} / ${total}`;
  setTimeout(look, 1500);
}

if (bar && said) look();
