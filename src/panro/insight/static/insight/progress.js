/* Asks how far an export is, and loads the page anew when something else goes on. */
(() => {
  const watched = document.querySelector("[data-progress]");
  if (!watched) return;
  const watch = async () => {
    try {
      const answer = await fetch(watched.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (told.state !== watched.dataset.state) {
        window.location.reload();
        return;
      }
      if (told.total > 0) {
        const bar = watched.querySelector("progress");
        bar.max = told.total;
        bar.value = told.done;
        watched.querySelector("[data-count]").textContent = `${told.done.toLocaleString()} / ${told.total.toLocaleString()}`;
      }
    } catch {
      /* asked again below */
    }
    window.setTimeout(watch, 1500);
  };
  window.setTimeout(watch, 1000);
})();
