// What scripts add to the application: it saves itself, hides questions that are not asked, counts characters, and
// keeps a button from being pressed twice. Everything works without them, by the buttons of the page.

const SAVE_AFTER = 1500; // milliseconds without a key
const TRY_AGAIN_AFTER = 15000;

class Draft {
  constructor(form) {
    this.form = form;
    this.state = document.getElementById("saved");
    this.words = this.state.dataset;
    this.timer = 0;
    this.running = false;
    this.changes = 0;
    this.kept = `draft ${form.dataset.draft}`;
    this.sending = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => { this.sending = true; });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => this.save());
    this.offerKept();
  }

  changed() {
    this.changes += 1;
    this.keepHere();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
  }

  say(words, kind) {
    this.state.textContent = words;
    this.state.dataset.kind = kind;
  }

  body() {
    const data = new FormData(this.form);
    data.delete("go");
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    return data;
  }

  async save() {
    if (this.running || this.sending || !this.changes) return;
    this.running = true;
    const seen = this.changes;
    this.say(this.words.saving, "");
    try {
      const answer = await this.send();
      await this.answered(answer, seen);
    } catch {
      this.say(this.words.failed, "warning");
      this.timer = window.setTimeout(() => this.save(), TRY_AGAIN_AFTER);
    } finally {
      this.running = false;
    }
  }

  send() {
    return fetch(this.form.dataset.autosave, {
      method: "POST",
      body: this.body(),
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
  }

  async answered(answer, seen) {
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      // The session has ended, or somebody logged in anew in another window. What was typed stays on the page.
      this.say(this.words.out, "warning");
      return;
    }
    const told = await answer.json();
    if (answer.status === 409) {
      this.say(told.error, "warning");
      this.form.querySelectorAll("[data-compare]").forEach((button) => { button.hidden = false; });
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    this.form.elements.revision.value = told.revision;
    if (this.changes === seen) {
      this.changes = 0;
      this.forget();
      this.say(told.said, "success");
    } else {
      this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
    }
  }

  leave() {
    if (this.changes && !this.sending) navigator.sendBeacon(this.form.dataset.autosave, this.body());
  }

  // A copy in this window only, for the case that the network is gone or the session has ended.
  keepHere() {
    const typed = [...this.body().entries()].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "revision");
    try {
      sessionStorage.setItem(this.kept, JSON.stringify(typed));
    } catch {
      // no room in the browser: the server's copy is enough
    }
  }

  forget() {
    sessionStorage.removeItem(this.kept);
  }

  offerKept() {
    const kept = sessionStorage.getItem(this.kept);
    if (!kept) return;
    const typed = new Map();
    for (const [name, value] of JSON.parse(kept)) typed.set(name, [...(typed.get(name) ?? []), value]);
    let differs = false;
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") continue;
      const values = typed.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") {
        const ticked = values.includes(field.value);
        differs ||= ticked !== field.checked;
        field.checked = ticked;
      } else if (values.length && field.value !== values[0]) {
        differs = true;
        [field.value] = values;
      }
    }
    if (differs) {
      this.say(this.words.restored, "warning");
      this.changes += 1;
      this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
    } else {
      this.forget();
    }
  }
}

function showConditions(form) {
  const rows = form.querySelectorAll("[data-when]");
  const update = () => {
    rows.forEach((row) => {
      const [name, ...value] = row.dataset.when.split("=");
      const chosen = form.querySelector(`[name="${CSS.escape(name)}"]:checked`);
      row.hidden = (chosen ? chosen.value : "") !== value.join("=");
    });
  };
  form.addEventListener("change", update);
  update();
}

function countCharacters(area) {
  const shown = document.createElement("p");
  shown.className = "hint number";
  shown.setAttribute("aria-hidden", "true");
  area.insertAdjacentElement("afterend", shown);
  const count = () => { shown.textContent = `${area.value.length} / ${area.maxLength}`; };
  area.addEventListener("input", count);
  count();
}

function pressOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
    const wait = form.querySelector("[data-wait]");
    if (wait) wait.hidden = false;
  });
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
  });
}

function showFile(input) {
  const said = document.createElement("p");
  said.className = "hint";
  said.setAttribute("role", "status");
  input.insertAdjacentElement("afterend", said);
  const most = Number(input.dataset.most);
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) {
      said.textContent = "";
      return;
    }
    const size = (file.size / 1024 / 1024).toFixed(1);
    const tooLarge = most && file.size > most;
    input.setAttribute("aria-invalid", tooLarge ? "true" : "false");
    said.textContent = `${file.name} (${size} MB)${tooLarge ? ` – ${input.dataset.tooLarge}` : ""}`;
  });
}

document.documentElement.classList.add("scripted");
document.querySelectorAll("form[data-autosave]").forEach((form) => new Draft(form));
document.querySelectorAll("form[data-conditions]").forEach(showConditions);
document.querySelectorAll("textarea[maxlength]").forEach(countCharacters);
document.querySelectorAll("form[data-once]").forEach(pressOnce);
document.querySelectorAll("input[type=file]").forEach(showFile);
