// Files arrive by themselves, in pieces (tus 1.0), and go on where they stopped. Without this script the form sends them.
"use strict";

(() => {
  const PIECE = 1024 * 1024;
  const WAITS = [1, 2, 4, 8, 15, 30];
  const TUS = { "Tus-Resumable": "1.0.0" };

  const sleep = (seconds) => new Promise((resume) => {
    const done = () => { window.removeEventListener("online", done); resume(); };
    setTimeout(done, seconds * 1000);
    window.addEventListener("online", done, { once: true });
  });
  const base64 = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
  const remembered = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* a private window: it begins anew */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* same */ } },
  };

  class Refused extends Error {}

  class Upload {
    constructor(part, file) {
      this.part = part;
      this.file = file;
      this.stopped = false;
      this.key = `panro-upload:${part.purpose}:${file.name}:${file.size}:${file.lastModified}`;
    }

    async run(progress, waiting) {
      for (let tries = 0; ; tries += 1) {
        try {
          return await this.attempt((share) => { tries = 0; progress(share); });
        } catch (wrong) {
          if (wrong instanceof Refused || this.stopped || tries >= WAITS.length) throw wrong;
          waiting();
          await sleep(WAITS[tries]);
        }
      }
    }

    async attempt(progress) {
      let offset = await this.begin();
      progress(offset / this.file.size);
      while (offset < this.file.size && !this.stopped) {
        const piece = this.file.slice(offset, offset + PIECE);
        const answer = await this.ask(this.url, {
          method: "PATCH",
          headers: { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) },
          body: piece,
        });
        if (answer.status === 409) { offset = await this.offset(); continue; }
        if (answer.status === 410 || answer.status === 404) { this.forget(); throw new Error("begin anew"); }
        if (answer.status !== 204) await this.fail(answer);
        offset = Number(answer.headers.get("Upload-Offset"));
        progress(offset / this.file.size);
      }
      if (this.stopped) throw new Refused("");
      return this.finish();
    }

    async begin() {
      this.url = this.url || remembered.get(this.key);
      if (this.url) {
        const there = await this.offset();
        if (there !== null) return there;
        this.forget();
      }
      const answer = await this.ask(this.part.root.dataset.begin, {
        method: "POST",
        headers: {
          ...TUS,
          "Upload-Length": String(this.file.size),
          "Upload-Metadata": `filename ${base64(this.file.name)},purpose ${base64(this.part.purpose)}`,
        },
      });
      if (answer.status !== 201) await this.fail(answer);
      this.url = answer.headers.get("Location");
      remembered.set(this.key, this.url);
      return 0;
    }

    async offset() {
      const answer = await this.ask(this.url, { method: "HEAD", headers: TUS });
      if (answer.status >= 500) throw new Error("later");
      return answer.status === 200 ? Number(answer.headers.get("Upload-Offset")) : null;
    }

    async finish() {
      const answer = await this.ask(`${this.url}/finish`, { method: "POST", headers: TUS });
      if (answer.status !== 201) await this.fail(answer);
      this.forget();
      return answer.json();
    }

    async fail(answer) {
      if (answer.status >= 500 || answer.status === 429 || answer.status === 409 && answer.headers.has("Retry-After")) throw new Error("later");
      const told = await answer.json().catch(() => ({}));
      if (answer.status !== 409) this.forget();
      throw new Refused(told.error || "");
    }

    ask(address, wanted) {
      return fetch(address, {
        ...wanted,
        credentials: "same-origin",
        headers: { ...wanted.headers, "X-CSRFToken": this.part.token },
      });
    }

    forget() {
      remembered.drop(this.key);
      this.url = null;
    }

    stop() {
      this.stopped = true;
      if (this.url) this.ask(this.url, { method: "DELETE", headers: TUS }).catch(() => {});
      this.forget();
    }
  }

  class Part {
    constructor(root) {
      this.root = root;
      this.purpose = root.dataset.purpose;
      this.name = root.dataset.name;
      this.most = Number(root.dataset.most);
      this.largest = Number(root.dataset.maxBytes);
      this.input = root.querySelector("input[type=file]");
      this.list = root.querySelector(".upload-list");
      this.form = this.input.form;
      this.arriving = 0;
      root.querySelector("[data-invite]").hidden = false;
      this.input.addEventListener("change", () => { this.take([...this.input.files]); this.input.value = ""; });
      this.form.addEventListener("submit", (event) => {
        if (this.arriving) { event.preventDefault(); this.say("Wait"); }
      });
      this.allowDropping(root.querySelector(".upload-zone"));
      for (const row of this.list.querySelectorAll(".upload-file")) this.adopt(row);
    }

    get token() {
      const field = this.form.querySelector("input[name=csrfmiddlewaretoken]");
      return field ? field.value : "";
    }

    allowDropping(zone) {
      zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("is-over"); });
      zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
      zone.addEventListener("drop", (event) => {
        event.preventDefault();
        zone.classList.remove("is-over");
        this.take([...event.dataTransfer.files]);
      });
    }

    adopt(row) {
      row.querySelector(".upload-drop-choice").remove();
      const remove = row.querySelector("[data-remove]");
      remove.hidden = false;
      remove.addEventListener("click", () => this.remove(row, row.querySelector(".upload-name").textContent.trim()));
      watch(row, row.querySelector(".upload-state"));
    }

    take(files) {
      for (const file of files) {
        if (this.most === 1) for (const row of [...this.list.children]) row.querySelector("[data-remove]").click();
        if (this.list.children.length >= this.most) { this.say("TooMany"); return; }
        this.add(file);
      }
    }

    add(file) {
      const row = this.root.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
      row.querySelector(".upload-name").textContent = file.name;
      for (const named of row.querySelectorAll("[data-named]")) named.textContent = file.name;
      this.list.append(row);
      this.list.hidden = false;
      const upload = new Upload(this, file);
      row.querySelector("[data-remove]").addEventListener("click", () => { upload.stop(); this.remove(row, file.name); });
      row.querySelector("[data-again]").addEventListener("click", () => this.send(row, upload));
      if (file.size > this.largest) this.refuse(row, this.words("TooLarge"));
      else this.send(row, upload);
    }

    async send(row, upload) {
      const state = row.querySelector(".upload-state");
      const bar = row.querySelector("progress");
      const again = row.querySelector("[data-again]");
      again.hidden = true;
      bar.hidden = false;
      row.dataset.state = "arriving";
      this.arriving += 1;
      try {
        const told = await upload.run(
          (share) => { bar.value = Math.round(share * 100); state.textContent = `${bar.value}%`; },
          () => { state.textContent = this.words("Waiting"); this.say("Waiting"); },
        );
        this.arrived(row, state, told);
      } catch (wrong) {
        if (upload.stopped) return;
        const refused = wrong instanceof Refused;
        this.refuse(row, (refused && wrong.message) || this.words("Broken"));
        again.hidden = refused;
      } finally {
        this.arriving -= 1;
        bar.hidden = true;
      }
    }

    arrived(row, state, told) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = `${this.name}_id`;
      field.value = told.id;
      row.append(field);
      row.dataset.state = told.state;
      row.dataset.watch = new URL(`../${told.id}/state`, new URL(this.root.dataset.begin, location.href)).pathname;
      state.textContent = told.label;
      this.say("Arrived", told.name);
      watch(row, state, () => { field.remove(); this.say("Refused", told.name); });
    }

    refuse(row, why) {
      row.dataset.state = "broken";
      row.querySelector(".upload-state").textContent = why;
      this.say("Refused", row.querySelector(".upload-name").textContent);
    }

    remove(row, name) {
      row.remove();
      this.list.hidden = !this.list.children.length;
      this.say("Removed", name);
      this.input.focus();
    }

    words(which) { return this.root.dataset[`says${which}`] || ""; }

    say(which, name = "") {
      this.root.querySelector("[data-said]").textContent = `${this.words(which)} ${name}`.trim();
    }
  }

  // Looks every few seconds whether a file has been checked, and says so in words.
  async function watch(row, state, refused = () => {}) {
    for (let tries = 0; tries < 40 && row.isConnected && row.dataset.state === "pending"; tries += 1) {
      await sleep(tries < 5 ? 2 : 5);
      const answer = await fetch(row.dataset.watch, { credentials: "same-origin" }).catch(() => null);
      if (!answer) continue;
      if (!answer.ok) return;
      const told = await answer.json();
      row.dataset.state = told.state;
      state.textContent = told.reason ? `${told.label} – ${told.reason}` : told.label;
      if (told.state === "infected" || told.state === "refused") refused();
    }
  }

  for (const root of document.querySelectorAll("[data-upload]")) new Part(root);
  for (const row of document.querySelectorAll("[data-watch][data-shown]")) watch(row, row);
})();
