"""Takes mails and webhooks with software that is not ours, and says whether they are right.

An SMTP server (aiosmtpd) and a webhook receiver (the reference library `standardwebhooks`) listen on free loopback
ports. Two lines of JSON go to stdout: first where they listen, then the verdict. Exit code 0 means that everything
expected arrived and every check held, 1 that it did not.

    python -m venv venv && venv/bin/pip install -r tests/external/requirements.txt
    venv/bin/python tests/external/verify.py --mails 2 --hooks 1 --secret whsec_... --timeout 60

First line:  {"smtp_port": 40001, "http_port": 40002, "hook_url": "http://127.0.0.1:40002/hook"}
Second line: {"ok": true, "mails": 2, "hooks": 1, "problems": []}
"""

import argparse
import email
import email.policy
import json
import re
import sys
import threading
import time
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

HAN = re.compile("[\u4e00-\u9fff]")
REPLACEMENT = "\ufffd"
MOJIBAKE = re.compile("[\u00c3\u00e4-\u00e9][\u0080-\u00bf]")


class Verdict:
    """What arrived and what is wrong with it; both servers write, from their own threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.mails = 0
        self.hooks = 0
        self.problems = []
        self.message_ids = set()
        self.hook_ids = set()

    def record(self, kind, identity, seen, problems):
        with self.lock:
            if identity in seen:
                problems = problems + [f"arrived twice: {identity}"]
            seen.add(identity)
            setattr(self, kind, getattr(self, kind) + 1)
            self.problems += [f"{kind}: {problem}" for problem in problems]

    def is_complete(self, mails, hooks):
        with self.lock:
            return self.mails >= mails and self.hooks >= hooks


def chinese(place, text):
    """Problems of a text that must be readable Chinese."""
    if not HAN.search(text):
        return [f"{place} holds no Chinese: {text[:80]!r}"]
    if REPLACEMENT in text or MOJIBAKE.search(text):
        return [f"{place} is garbled: {text[:80]!r}"]
    return []


class Links(HTMLParser):
    """Addresses a mail leads to and addresses it loads from."""

    def __init__(self):
        super().__init__()
        self.leads_to = []
        self.loads = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.leads_to.append(value)
            elif name in ("src", "background", "srcset") or (tag == "link" and name == "href"):
                self.loads.append(value)


def check_mail(content):
    """Problems of one mail as it came over the wire, and its Message-ID."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    problems = [f"malformed: {defect!r}" for part in message.walk() for defect in part.defects]
    problems += [f"no {name} header" for name in required_headers() if not message[name]]
    problems += chinese("subject", str(message["Subject"] or ""))
    if not content.isascii():
        problems.append("the message is not ASCII although no extension was asked for")
    sender = message["From"]
    if sender is None or not sender.addresses:
        problems.append("no sender")
    else:
        problems += chinese("sender name", sender.addresses[0].display_name)
    try:
        parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        problems.append(f"unreadable date {message['Date']!r}")
    problems += check_unsubscribe(message)
    problems += check_bodies(message)
    return str(message["Message-ID"]), problems


def required_headers():
    return [
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version",
        "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Feedback-ID",
    ]


def check_unsubscribe(message):
    """RFC 8058: one address in angle brackets, one fixed word."""
    problems = []
    if not re.fullmatch(r"<https?://[^<>\s]+>", str(message["List-Unsubscribe"])):
        problems.append(f"List-Unsubscribe is {message['List-Unsubscribe']!r}")
    if message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        problems.append(f"List-Unsubscribe-Post is {message['List-Unsubscribe-Post']!r}")
    return problems


def check_bodies(message):
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    if text is None or html is None:
        return ["text or html part is missing"]
    text, html = text.get_content(), html.get_content()
    problems = chinese("text", text) + chinese("html", html)
    links = Links()
    links.feed(html)
    if links.loads:
        problems.append(f"the mail loads {links.loads[0]!r}")
    for address in links.leads_to:
        if address not in text:
            problems.append(f"in html only: {address!r}")
    if "退订" not in text or "退订" not in html:
        problems.append("no way to unsubscribe in the body")
    return problems


def check_hook(headers, body, secrets):
    """Problems of one webhook. The reference library checks signature and age."""
    identity = headers.get("webhook-id", "")
    given = {name: headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    if not any(verifies(secret, body, given) for secret in secrets):
        return identity, ["the signature does not verify with any of the secrets"]
    problems = []
    if not headers.get("content-type", "").startswith("application/json"):
        problems.append(f"content-type is {headers.get('content-type')!r}")
    document = json.loads(body)
    if sorted(document) != ["data", "timestamp", "type"]:
        problems.append(f"members are {sorted(document)}")
    problems += chinese("body", json.dumps(document, ensure_ascii=False))
    return identity, problems


def verifies(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


class Relay:
    """The handler aiosmtpd calls for each mail."""

    def __init__(self, verdict):
        self.verdict = verdict

    async def handle_DATA(self, server, session, envelope):
        identity, problems = check_mail(envelope.content)
        self.verdict.record("mails", identity, self.verdict.message_ids, problems)
        return "250 2.0.0 checked"


def receiver(verdict, secrets):
    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                identity, problems = check_hook(headers, body.decode("utf-8"), secrets)
            except ValueError as error:
                identity, problems = headers.get("webhook-id", ""), [f"unreadable body: {error}"]
            verdict.record("hooks", identity, verdict.hook_ids, problems)
            self.send_response(400 if problems else 204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    return Receiver


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=1, help="how many mails must arrive")
    parser.add_argument("--hooks", type=int, default=1, help="how many webhooks must arrive")
    parser.add_argument("--secret", action="append", default=[], help="a webhook secret; may be given more than once")
    parser.add_argument("--timeout", type=float, default=60, help="seconds to wait for all of them")
    return parser.parse_args()


def say(document):
    print(json.dumps(document, ensure_ascii=False), flush=True)


def main():
    options = arguments()
    verdict = Verdict()
    http = ThreadingHTTPServer(("127.0.0.1", 0), receiver(verdict, options.secret))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    smtp = AnyPort(Relay(verdict), hostname="127.0.0.1", port=0, decode_data=False)
    smtp.start()
    smtp_port, http_port = smtp.server.sockets[0].getsockname()[1], http.server_address[1]
    say({"smtp_port": smtp_port, "http_port": http_port, "hook_url": f"http://127.0.0.1:{http_port}/hook"})

    deadline = time.monotonic() + options.timeout
    while not verdict.is_complete(options.mails, options.hooks) and time.monotonic() < deadline:
        time.sleep(0.05)
    smtp.stop()
    http.shutdown()

    problems = list(verdict.problems)
    if not verdict.is_complete(options.mails, options.hooks):
        problems.append(f"expected {options.mails} mails and {options.hooks} webhooks within {options.timeout:g} s")
    say({"ok": not problems, "mails": verdict.mails, "hooks": verdict.hooks, "problems": problems[:50]})
    return 1 if problems else 0


class AnyPort(Controller):
    """The controller's self-test connects to the configured port; with port 0 it must use the one it got."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


if __name__ == "__main__":
    sys.exit(main())
