/* Saves a product while it is written, and watches work that goes on. Every page works without it. */
"use strict";

(() => {
  const form = document.querySelector("form[data-autosave]");
  const status = document.querySelector("[data-save-state]");
  const WAIT = 1200;
  let timer = 0;
  let running = null;
  let again = false;
  let dirty = false;

  const say = (text, kind) => {
    if (!status) return;
    status.dataset.kind = kind;
    if (status.textContent !== text) status.textContent = text;
  };

  const describe = (field, isWrong) => {
    const live = `${field.id}_live`;
    const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== live);
    const ids = isWrong ? [...others, live] : others;
    if (ids.length > 0) field.setAttribute("aria-describedby", ids.join(" "));
    else field.removeAttribute("aria-describedby");
  };

  const showErrors = (errors) => {
    for (const old of form.querySelectorAll("[data-live-error]")) old.remove();
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden") continue;
      const text = errors[field.name];
      if (field.hasAttribute("data-live-invalid") || text) field.removeAttribute("aria-invalid");
      field.removeAttribute("data-live-invalid");
      describe(field, false);
      if (!text) continue;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("data-live-invalid", "");
      const line = document.createElement("p");
      line.className = "field-error";
      line.dataset.liveError = "";
      line.id = `${field.id}_live`;
      line.textContent = text;
      field.insertAdjacentElement("afterend", line);
      describe(field, true);
    }
  };

  const rememberShown = (sent, errors) => {
    for (const field of form.elements) {
      if (!field.name.startsWith("initial-")) continue;
      const name = field.name.slice("initial-".length);
      if (name in errors) continue;
      field.value = sent.get(name) === null ? "" : sent.get(name) === "on" ? "True" : sent.get(name);
    }
    for (const old of form.querySelectorAll(".errorlist")) {
      const field = old.parentElement.querySelector("[name]:not([type=hidden])");
      if (field && !(field.name in errors)) {
        old.remove();
        field.removeAttribute("aria-invalid");
      }
    }
  };

  const save = async () => {
    if (running) {
      again = true;
      return running;
    }
    const sent = new FormData(form);
    dirty = false;
    say(form.dataset.saying, "saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(sent),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      if (answer.status !== 200 && answer.status !== 409) throw new Error(String(answer.status));
      const told = await answer.json();
      if (told.error) {
        say(told.error, "danger");
        return;
      }
      if (Object.keys(told.conflicts).length > 0) {
        dirty = true;
        say(form.dataset.conflict, "danger");
        return;
      }
      form.elements.namedItem("revision").value = told.revision;
      rememberShown(sent, told.errors);
      showErrors(told.errors);
      const wrong = Object.keys(told.errors).length > 0;
      dirty = dirty || wrong;
      say(wrong ? form.dataset.partly : told.saved, wrong ? "warning" : "success");
      for (const meter of document.querySelectorAll("[data-percent]")) {
        if (meter.tagName === "PROGRESS") meter.value = told.percent;
        else meter.textContent = `${told.percent}%`;
      }
    } catch {
      dirty = true;
      say(form.dataset.failed, "danger");
    }
  };

  const go = async () => {
    window.clearTimeout(timer);
    running = save();
    await running;
    running = null;
    if (again) {
      again = false;
      await go();
    }
  };

  if (form) {
    form.addEventListener("input", () => {
      dirty = true;
      say(form.dataset.unsaved, "information");
      window.clearTimeout(timer);
      timer = window.setTimeout(go, WAIT);
    });
    form.addEventListener("change", () => {
      if (dirty) {
        window.clearTimeout(timer);
        timer = window.setTimeout(go, 200);
      }
    });
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      dirty = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (dirty) event.preventDefault();
    });
  }

  const tab = document.querySelector(".tabs [aria-current]");
  if (tab) tab.scrollIntoView({ block: "nearest", inline: "center" });

  const watched = document.querySelector("[data-progress]");
  const watch = async () => {
    try {
      const answer = await fetch(watched.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (!told.goes_on || told.state !== watched.dataset.state) {
        window.location.reload();
        return;
      }
      const bar = watched.querySelector("progress");
      if (bar && told.total > 0) {
        bar.max = told.total;
        bar.value = told.done;
      }
      const count = watched.querySelector("[data-count]");
      if (count && told.total > 0) count.textContent = `${told.done.toLocaleString()} / ${told.total.toLocaleString()}`;
    } catch {
      /* asked again below */
    }
    window.setTimeout(watch, 1500);
  };
  if (watched) window.setTimeout(watch, 1000);

  const isTouched = () =>
    [...document.querySelectorAll("main input, main textarea")].some((field) =>
      field.type === "file"
        ? field.files.length > 0
        : field.type === "radio" || field.type === "checkbox"
          ? field.checked !== field.defaultChecked
          : field.type !== "hidden" && (field.value !== field.defaultValue || field === document.activeElement),
    );

  const reloading = document.querySelector("[data-reload-after]");
  const reload = () => {
    if (isTouched()) window.setTimeout(reload, 2000);
    else window.location.reload();
  };
  if (reloading) window.setTimeout(reload, Number(reloading.dataset.reloadAfter) * 1000);
})();
