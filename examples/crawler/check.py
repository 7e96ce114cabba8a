#!/usr/bin/env python3
"""An independent crawler that checks ours: it crawls the same server with nothing but Python's standard library, by its
own rules of addresses and its own parser, and prints where the two disagree.

    cargo run --release --example crawler -- --serve DIR --serve-only --listen 127.0.0.1:8123 &
    cargo run --release --example crawler -- --json 'http://127.0.0.1:8123/?list' > report.json
    python3 examples/crawler/check.py report.json

What both mean by a link: the attribute of LINKS of each start tag of a page that came with a 2xx status and is text/html
or application/xhtml+xml. The first <base href> holds for what comes after it. Addresses are resolved as browsers do it
(https://url.spec.whatwg.org/), lose their fragment, and count if scheme, host and port are the root's. A redirect's
target is a page like any other, unless more than MAX_REDIRECTS lead to it in a row.

Exit status: 0 if both found the same pages with the same statuses and the same number of links in each.
"""

import argparse
import http.client
import json
import re
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from html.parser import HTMLParser

LINKS = {
    "a": "href", "area": "href", "audio": "src", "embed": "src", "frame": "src", "iframe": "src", "img": "src",
    "input": "src", "link": "href", "object": "data", "script": "src", "source": "src", "track": "src", "video": "src",
}
MAX_REDIRECTS = 10
MAX_SIZE = 64 << 20
LONGEST_ADDRESS = 8 * 1024
TRIES = 3
BATCH = 16


# ---- addresses ----

ADDRESS = re.compile(r"(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(.*)", re.S)
PATH_ESCAPED = frozenset(b' "#<>?`{}')
QUERY_ESCAPED = frozenset(b" \"#<>'")


def escape(data, escaped):
    return "".join(chr(b) if 0x20 < b < 0x7F and b not in escaped else "%%%02X" % b for b in data)


def normal_path(path):
    """Dot segments resolved, the rest escaped."""
    segments = []
    parts = path.split("/")[1:]
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        plain = re.sub("%2e", ".", part, flags=re.I)
        if plain == "..":
            del segments[-1:]
        if plain in (".", ".."):
            if last:
                segments.append("")
            continue
        segments.append(escape(part.encode("utf-8", "replace"), PATH_ESCAPED))
    return "/" + "/".join(segments)


class Address:
    """An http address: host with port, path, query or None."""

    def __init__(self, host, path, query):
        self.host, self.path, self.query = host, path, query

    def __str__(self):
        return "http://" + self.host + self.target()

    def target(self):
        return self.path + ("" if self.query is None else "?" + self.query)


def normal_host(authority):
    host = authority.rpartition("@")[2].lower()
    if not host or re.search(r"[\s<>^|%#?]", host) or ("[" in host and "]" not in host):
        return None
    return host[: -len(":80")] if host.endswith(":80") else host.removesuffix(":")


def join(base, text, encoding="utf-8"):
    """The page that `text` means on the page `base`; None if it is none of http."""
    text = re.sub(r"[\t\r\n]", "", text.strip("".join(map(chr, range(0x21)))))
    scheme, rest = ADDRESS.fullmatch(text).groups()
    if scheme is not None and scheme.lower() != "http":
        return None
    rest = rest.partition("#")[0]
    before, mark, query = rest.partition("?")
    before = before.replace("\\", "/")
    query = escape(encoded(query, encoding), QUERY_ESCAPED) if mark else None
    if before.startswith("//") or (scheme and not base):
        authority, _, path = before.lstrip("/").partition("/")
        host = normal_host(authority)
        return host and Address(host, normal_path("/" + path), query)
    if before.startswith("/"):
        return Address(base.host, normal_path(before), query)
    if before:
        return Address(base.host, normal_path(base.path.rpartition("/")[0] + "/" + before), query)
    return Address(base.host, base.path, query if mark else base.query)


def encoded(query, encoding):
    return query.encode("utf-8" if encoding.startswith("utf") else encoding, "xmlcharrefreplace")


# ---- pages ----


class Links(HTMLParser):
    """Collects the links of a page, each as often as it stands there."""

    CDATA_CONTENT_ELEMENTS = ("script", "style", "xmp", "iframe", "noembed", "noframes", "title", "textarea")

    def __init__(self, page, encoding):
        super().__init__(convert_charrefs=False)
        self.base, self.based, self.encoding = page, False, encoding
        self.count, self.found = 0, set()

    def handle_starttag(self, tag, attributes):
        name = "href" if tag == "base" else LINKS.get(tag)
        value = next((value or "" for key, value in attributes if key == name), None) if name else None
        if value is None:
            return
        address = join(self.base, value, self.encoding)
        if tag != "base":
            self.count += 1
            if address and address.host == self.base.host:
                self.found.add(str(address))
        elif address and not self.based:
            self.base, self.based = address, True


def charset(header, body):
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return name
    given = re.search(r"charset=[\"']?([^\s;\"']+)", header, re.I)
    if not given:
        start = re.sub(rb"<!--.*?-->", b"", body[:1024], flags=re.S)
        given = re.search(rb"<meta[^>]+charset=[\"']?([\w.:-]+)", start, re.I)
    name = (given[1] if isinstance(given[1], str) else given[1].decode()).lower() if given else "utf-8"
    # On the web, Latin-1 is the name of Windows' western page.
    return "cp1252" if name in ("iso-8859-1", "latin1", "ascii") else name


def decode(body, encoding):
    try:
        return body.decode(encoding, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


# ---- fetching, in a process of its own ----

connections = {}
timeout = 30.0


def set_timeout(seconds):
    global timeout
    timeout = seconds


def ask(address):
    """Status, headers and body of a page, on a kept connection. A body that is cut off counts as far as it came."""
    connection = connections.pop(address.host, None) or http.client.HTTPConnection(address.host, timeout=timeout)
    connection.request("GET", address.target())
    answer = connection.getresponse()
    try:
        body, whole = answer.read(MAX_SIZE + 1), True
    except (http.client.IncompleteRead, OSError) as error:
        body, whole = getattr(error, "partial", b""), False
    if whole and answer.isclosed() and not answer.will_close:
        connections[address.host] = connection
    return answer.status, answer.headers, body, whole


def fetch(text):
    """One page: address, status, number of links, pages linked to, page redirected to."""
    address = join(None, text)
    for tried in range(1, TRIES + 1):
        try:
            status, headers, body, whole = ask(address)
        except (OSError, http.client.HTTPException):
            status, headers, body, whole = None, {}, b"", False
        if (whole and status not in (502, 503, 504)) or tried == TRIES:
            break
        time.sleep(0.1 * tried)
    header = headers.get("Content-Type") or ""
    target = None
    if status in (301, 302, 303, 307, 308) and headers.get("Location"):
        target = join(address, headers["Location"])
        target = str(target) if target and target.host == address.host else None
    if not (status and 200 <= status < 300 and header.partition(";")[0].strip().lower() in
            ("text/html", "application/xhtml+xml")):
        return text, status, 0, set(), target
    encoding = charset(header, body)
    links = Links(address, encoding)
    links.feed(decode(body, encoding))
    links.close()
    return text, status, links.count, links.found, target


def fetch_all(batch):
    return [fetch(text) for text in batch]


# ---- crawling ----


class Crawl:
    """Every page once. A page's hops are the fewest redirects in a row that lead to it from a link."""

    def __init__(self, root):
        self.hops, self.targets, self.results, self.new = {}, {}, {}, []
        self.reach(root, 0)

    def reach(self, url, hops):
        while url and hops <= MAX_REDIRECTS and hops < self.hops.get(url, MAX_REDIRECTS + 1):
            if len(url) > LONGEST_ADDRESS:
                return
            if url not in self.hops:
                self.new.append(url)
            self.hops[url] = hops
            url, hops = self.targets.get(url), hops + 1

    def take(self, result):
        url, status, count, found, target = result
        self.results[url] = (status, count)
        for link in found:
            self.reach(link, 0)
        if target:
            self.targets[url] = target
            self.reach(target, self.hops[url] + 1)

    def run(self, processes, seconds):
        with ProcessPoolExecutor(processes, initializer=set_timeout, initargs=[seconds]) as pool:
            running = set()
            while self.new or running:
                while self.new and len(running) < 4 * processes:
                    batch, self.new = self.new[:BATCH], self.new[BATCH:]
                    running.add(pool.submit(fetch_all, batch))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for result in (result for batch in done for result in batch.result()):
                    self.take(result)
        return self.results


def compare(ours, theirs, limit=20):
    """Prints the differences, and gives how many there are."""
    lists = {
        "only the crawler reached": sorted(ours.keys() - theirs.keys()),
        "only this check reached": sorted(theirs.keys() - ours.keys()),
        "status or number of links differ": [
            f"{url}: {ours[url]} and {theirs[url]}" for url in sorted(ours.keys() & theirs.keys())
            if ours[url] != theirs[url]
        ],
    }
    for title, entries in lists.items():
        print(f"{title}: {len(entries)}")
        for entry in entries[:limit]:
            print(f"    {entry}")
    return sum(map(len, lists.values()))


def main():
    arguments = argparse.ArgumentParser(description="Checks a report of the crawler's.")
    arguments.add_argument("report", help="what the crawler printed with --json; its server must still be there")
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--timeout", type=float, default=30, help="how many seconds the server may be silent")
    options = arguments.parse_args()
    with open(options.report, encoding="utf-8") as file:
        report = json.load(file)
    begun = time.monotonic()
    theirs = Crawl(report["root"]).run(options.processes, options.timeout)
    seconds = time.monotonic() - begun
    ours = {page["url"]: (page["status"], page["links"]) for page in report["pages"]}
    links = sum(count for _, count in theirs.values())
    print(f"{len(ours)} pages in the report, {len(theirs)} here with {links} links, in {seconds:.0f} s")
    sys.exit(1 if compare(ours, theirs) else 0)


if __name__ == "__main__":
    main()
