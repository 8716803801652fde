"""The load generator, a process of its own: people at the pages, each with a connection that stays open.

Reads a plan as JSON from standard input and writes what it measured as JSON to standard output. Knows nothing of the
program but its pages. Bounded by the tasks of the plan and by its seconds, whichever end first.
"""

from __future__ import annotations

import html
import json
import re
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

LONGEST = 60.0
BOUNDARY = "----panro-benchmark"
PAPERS = ("event_offer", "product_introduction")
ANSWERS = {"industry": "10797", "employees": "3", "sales": "12,000", "track": "listing"}
TEXT = "국산 들깨를 저온에서 짜며, 산지와 짠 날을 병마다 적습니다. 온라인에서는 한 해 사천 병을 팔았습니다. " * 4
_INPUT = re.compile(r"<input\b[^>]*>")
_AREA = re.compile(r'<textarea\b[^>]*\bname="([^"]+)"')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class UnexpectedError(RuntimeError):
    """The site answered something else than a person in this place would get."""


class Person:
    """Somebody with a browser: cookies, one connection, and where they are."""

    def __init__(self, port: int, session: str, token: str) -> None:
        self._port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        self._cookies = {"sessionid": session, "csrftoken": token}
        self.address = ""
        self.requests = 0

    def get(self, address: str) -> str:
        """Open a page, following where it leads."""
        return self._page("GET", address, b"", "")

    def post(self, address: str, data: dict[str, Any]) -> str:
        """Send a form, following where it leads."""
        return self._page("POST", address, urlencode(data, doseq=True).encode(), "application/x-www-form-urlencoded")

    def send(self, address: str, data: dict[str, str]) -> tuple[int, str]:
        """Send a form; returns the status and where it leads, without going there."""
        status, where, _ = self._ask("POST", address, urlencode(data).encode(), "application/x-www-form-urlencoded")
        return status, where

    def upload(self, address: str, data: dict[str, str], name: str, content: bytes) -> str:
        """Send a form with one file."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in data.items()
        ]
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf'
        parts += [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), content, f"\r\n--{BOUNDARY}--\r\n".encode()]
        return self._page("POST", address, b"".join(parts), f"multipart/form-data; boundary={BOUNDARY}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _page(self, method: str, address: str, body: bytes, kind: str) -> str:
        for _hop in range(6):
            status, where, text = self._ask(method, address, body, kind)
            self.address = address
            if status not in {301, 302, 303}:
                if status != 200:
                    raise UnexpectedError(f"{status} for {method} {_shape(address)}")
                return text
            method, address, body, kind = "GET", where, b"", ""
        raise UnexpectedError(f"no end of redirects at {_shape(address)}")

    def _ask(self, method: str, address: str, body: bytes, kind: str) -> tuple[int, str, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Accept-Language": "ko",
        }
        if kind:
            headers |= {"Content-Type": kind, "Origin": f"http://127.0.0.1:{self._port}"}
        self.requests += 1
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, text


def _shape(address: str) -> str:
    """An address without what differs between people."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "…", address)


def inputs(page: str) -> list[dict[str, str]]:
    """Every input of the main part of a page, by its attributes; ``checked`` stands among them where it is set."""
    main = page[page.find("<main") :]
    found = []
    for tag in _INPUT.findall(main):
        one = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        found.append(one | ({"checked": "checked"} if re.search(r"\schecked\b", tag) else {}))
    return found


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return {one["name"]: one.get("value", "") for one in inputs(page) if one.get("type") == "hidden" and "name" in one}


def filled(page: str) -> dict[str, Any]:
    """A screen of the application as a merchant fills it in."""
    data: dict[str, Any] = {**hidden(page), "go": "next"}
    for one in inputs(page):
        name, kind, value = one.get("name", ""), one.get("type", "text"), one.get("value", "")
        if kind == "radio":
            wanted = ANSWERS.get(name, "no")
            if value == wanted or name not in data:
                data[name] = value
        elif kind == "checkbox" and (name in {"agree", "products"} or value == "none"):
            data.setdefault(name, []).append(value)
        elif kind == "checkbox" and name.startswith("paper."):
            data[name] = value
        elif kind not in {"hidden", "checkbox", "file"} and name:
            data[name] = ANSWERS.get(name, value)
    main = page[page.find("<main") :]
    return data | dict.fromkeys(_AREA.findall(main), TEXT)


def pdf(size: int, mark: str) -> bytes:
    """A file of a size that no other is equal to."""
    head = f"%PDF-1.4\n%{mark}\n1 0 obj\n<<>>\nendobj\n".encode()
    tail = b"trailer\n<<>>\n%%EOF\n"
    return head + b"%" + b"x" * max(size - len(head) - len(tail) - 2, 0) + b"\n" + tail


def write_application(person: Person, task: dict[str, Any]) -> str:
    """From the notice to the last look before sending; returns that page."""
    start = f"/apply/2021/3-1/{task['round']}/"
    page = person.get(start)
    person.post(start, {**hidden(page), "party": task["party"], "as": "merchant"})
    own = person.address
    page = person.get(f"{own}verify/")
    for _screen in range(20):
        step = person.address.removeprefix(own).strip("/")
        if step == "review":
            return page
        if step == "documents":
            page = hand_in_papers(person, own, task)
        before, page = person.address, person.post(person.address, filled(page))
        if person.address == before and step != "standing":
            wrong = re.findall(r'class="field-error"[^>]*>([^<]+)', page)
            raise UnexpectedError(f"{_shape(before)} does not go on: {wrong}")
    raise UnexpectedError(f"no end of screens at {_shape(person.address)}")


def hand_in_papers(person: Person, own: str, task: dict[str, Any]) -> str:
    """Upload two papers; returns the page of papers as it is then."""
    page = ""
    for code in PAPERS:
        address = f"{own}documents/{code}/"
        form = hidden(person.get(address))
        page = person.upload(address, form, f"{code}.pdf", pdf(task["bytes"], f"{task['party']} {code}"))
        if not person.address.endswith("/documents/"):
            raise UnexpectedError(f"{_shape(address)} was not taken")
    return page


def submit(person: Person, task: dict[str, Any]) -> None:
    """The submit request alone."""
    own = f"/my/applications/{task['application']}/"
    form = {"csrfmiddlewaretoken": task["token"], "revision": str(task["revision"])}
    status, where = person.send(f"{own}submit/", form)
    if (status, where) != (302, f"{own}receipt/"):
        raise UnexpectedError(f"{status} {_shape(where)}")


def journey(person: Person, task: dict[str, Any]) -> None:
    """The whole way, log-in done: every screen opened, filled and saved, two uploads, sent, receipt seen."""
    page = write_application(person, task)
    own = person.address.removesuffix("review/")
    person.post(f"{own}submit/", hidden(page))
    if person.address != f"{own}receipt/":
        raise UnexpectedError(f"sent, and then {_shape(person.address)}")


def draft(person: Person, task: dict[str, Any]) -> None:
    """The way up to the last look, which is not sent."""
    write_application(person, task)


def upload_and_submit(person: Person, task: dict[str, Any]) -> None:
    """One more paper, and then the submit request."""
    address = f"/my/applications/{task['application']}/documents/{PAPERS[0]}/"
    page = person.upload(address, hidden(person.get(address)), "paper.pdf", pdf(task["bytes"], task["party"]))
    if not person.address.endswith("/documents/"):
        raise UnexpectedError(f"{_shape(address)} was not taken")
    submit(person, task | {"revision": hidden(page)["revision"]})


def check_and_submit(person: Person, task: dict[str, Any]) -> None:
    """Have the tax service asked, and then the submit request."""
    person.post(task["check"], {"csrfmiddlewaretoken": task["token"]})
    submit(person, task)


WORK = {
    "submit": submit,
    "journey": journey,
    "draft": draft,
    "upload_and_submit": upload_and_submit,
    "check_and_submit": check_and_submit,
}


class Crowd:
    """People who take the tasks one after another; a task with a time waits for it."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._tasks = iter(plan["tasks"])
        self._lock = threading.Lock()
        self._began = 0.0
        self.took: dict[str, list[float]] = {}
        self.wrong: Counter[str] = Counter()
        self.requests = 0

    def run(self) -> dict[str, Any]:
        """Work until the tasks or the seconds are used up; returns seconds per task by kind, and what went wrong."""
        people = [threading.Thread(target=self._work) for _ in range(self._plan["clients"])]
        self._began = time.perf_counter()
        for one in people:
            one.start()
        for one in people:
            one.join()
        return {
            "wall": time.perf_counter() - self._began,
            "took": self.took,
            "wrong": dict(self.wrong),
            "requests": self.requests,
            "processor": time.process_time(),
        }

    def _work(self) -> None:
        while (task := self._next()) is not None:
            due = self._began + task.get("at", 0.0)
            if (early := due - time.perf_counter()) > 0:
                time.sleep(early)
            began = due if "at" in task else time.perf_counter()  # who must wait for a free connection waits too
            person = Person(self._plan["port"], task["session"], task["token"])
            wrong = ""
            try:
                WORK[task["do"]](person, task)
            except (UnexpectedError, HTTPException, OSError) as failure:
                wrong = f"{task['do']}: {type(failure).__name__}: {failure}"
            took = time.perf_counter() - began
            person.close()
            with self._lock:
                self.requests += person.requests
                if wrong:
                    self.wrong[wrong] += 1
                else:
                    self.took.setdefault(task["do"], []).append(took)

    def _next(self) -> dict[str, Any] | None:
        with self._lock:
            if time.perf_counter() - self._began > self._plan["seconds"]:
                return None
            return next(self._tasks, None)


if __name__ == "__main__":
    json.dump(Crowd(json.load(sys.stdin)).run(), sys.stdout)
