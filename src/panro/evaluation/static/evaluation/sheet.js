// What scripts add to a score sheet: it saves itself as it is typed. Everything works without them.

const SAVE_AFTER = 1200; // milliseconds without a key
const TRY_AGAIN_AFTER = 15000;

class Sheet {
  constructor(form) {
    this.form = form;
    this.state = document.getElementById("saved");
    this.timer = 0;
    this.changes = 0;
    this.running = false;
    this.sending = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", () => { this.sending = true; });
    window.addEventListener("online", () => this.save());
    window.addEventListener("pagehide", () => {
      if (this.changes && !this.sending) navigator.sendBeacon(this.form.dataset.autosave, new FormData(this.form));
    });
  }

  changed() {
    this.changes += 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    if (this.running || this.sending || !this.changes) return;
    this.running = true;
    const seen = this.changes;
    this.state.textContent = this.state.dataset.saving;
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      const told = await answer.json();
      if (answer.status === 409) {
        this.state.textContent = told.error;
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      this.form.elements.revision.value = told.revision;
      this.state.textContent = told.said;
      if (this.changes === seen) this.changes = 0;
      else this.timer = window.setTimeout(() => this.save(), SAVE_AFTER);
    } catch {
      this.state.textContent = this.state.dataset.failed;
      this.timer = window.setTimeout(() => this.save(), TRY_AGAIN_AFTER);
    } finally {
      this.running = false;
    }
  }
}

const form = document.getElementById("sheet");
if (form && document.getElementById("saved")) new Sheet(form);
