"""Requests that no page of ours makes: real addresses and forms, each broken in a few ways.

A request follows from a seed and its number alone, so that any one can be sent again.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

Pairs = list[tuple[str, str]]

ZAP = "<script>zap()</script>"
"""On no page as a tag."""

TEXTS = [
    *("", " ", "0", "-1", "1", "2", "3", "7", "99999", "1.5", "1e9", "NaN", "inf", "٣", "²", "½"),
    *("9" * 20, "-" + "9" * 20, "9" * 400, str(2**63 - 1), str(2**63), str(-(2**63)), str(2**31)),
    *("\0", "a\0b", "\ud800", "\udfff x", "\u202e", "\ufeff", "\x7f", "\x1b[0m", "\r\nX-A: b"),
    *("é" * 90, "😀" * 40, "a" * 1000, "a" * 1001, "a" * 30_000, "大津市", "İıßſ", "Z̷̢a̴l̶g̷o̵" * 9),
    *("2020-13-45", "2020-02-30", "0000", "-0001-01-01", "Y170000002", "1985-04/1984", "99999"),
    *(
        "2004-06-XX",
        "2004-06~?",
        "1984-06-02?/2004-08-08~",
        "[1668..1672]",
        "{1960,1961}",
        "../..",
    ),
    *("12/31/99999", "2020-01-01T25:61", "24:00", "1969-10-01", "about 1969", "February 29, 2023"),
    *("on", "true", "null", "None", "[]", "{}", "[1, 2]", "1,2,3", "draft", "published"),
    *(
        "'",
        '"',
        "\\",
        "%",
        "%s%n",
        "{{ 7 }}",
        "{0.__class__}",
        "$(id)",
        "`id`",
        "|",
        ";--",
        "' OR 1",
    ),
    *("../../etc/passwd", "/etc/passwd", "..%2f", "file:///etc/passwd", "C:\\a", "a/b/c", "."),
    *(
        "http://[::1",
        "//evil.example",
        "javascript:zap()",
        "ftp://x",
        "https://u@h/",
        "http://a b",
    ),
    *("mailto:a@b", "a@b", "@", "=1+1", "+1", "-", "--", "_", "*", "**", "?", "#", "&", "<", ZAP),
    *("id", "pk", "cities.city", "auth.user", "en", "xx", "zh-Hant-x-y", "JP", "ZZ", "US-MI"),
    *("America/Detroit", "Mars/Olympus", "35.0, 135.9", "91", "-181", "1e400", "0.1", "1_000"),
]

NAMES = [
    *(
        "_to_field",
        "_popup",
        "_changelist_filters",
        "o",
        "p",
        "all",
        "e",
        "q",
        "page",
        "page_size",
    ),
    *("on", "since", "until", "year", "kind", "type", "city", "country", "status", "organization"),
    *(
        "member",
        "source",
        "program",
        "relationship",
        "ordering",
        "sort",
        "format",
        "limit",
        "offset",
    ),
    *("publication", "publication__exact", "id__in", "id__gt", "pk__isnull", "term", "app_label"),
    *("model_name", "field_name", "next", "after", "edition", "cursor", "modified_since", "old"),
    *(
        "new",
        "public",
        "version",
        "seen",
        "query",
        "csrfmiddlewaretoken",
        "lang",
        "callback",
        "draft",
    ),
    *("body", "grade", "programme", "for", "result", "method", "view", "print", "tab", "step", ""),
]

BUTTONS = [
    "_save",
    "_continue",
    "_addanother",
    "_saveasnew",
    "_publish",
    "post",
    "action",
    "passkey",
]

METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "BREW", "PROPFIND", "get"]

HEADERS = {
    "accept": ["text/xml", "application/json;q=x", "*/*;q=", "image/*", ",", "a" * 900],
    "accept-language": ["xx", "es-MX,en;q=0.5", ";;;q", "a" * 900, "en;q=9" * 99, "*"],
    "accept-encoding": ["gzip", "br;q=0", "identity;q=0", ",,", "gzip;q=x"],
    "if-none-match": ["*", '"x"', 'W/"', ",,,", '"' * 99],
    "if-modified-since": ["yesterday", "Sat, 29 Feb 2999 25:00:00 GMT", "0", "9" * 40],
    "range": ["bytes=0-", "bytes=9-1", "bytes=-0", "bytes=a", "lines=1", "bytes=" + "0-1," * 99],
    "host": ["evil.example", "testserver:99999", "[::1", "a b", "", "testserver."],
    "cookie": ["a", "=;=;", "__Host-session=x", '__Host-csrf="\\000"', "sessionid=" + "a" * 900],
    "x-forwarded-for": ["1.2.3.4", "x", ",,,", "::1, 2", "9" * 900],
    "x-forwarded-host": ["evil.example", "//"],
    "x-forwarded-proto": ["https", "ftp"],
    "x-http-method-override": ["DELETE", "PUT"],
    "referer": ["https://evil.example/", "//", "\x80", "javascript:zap()"],
    "origin": ["null", "https://evil.example"],
    "expect": ["100-continue"],
    "x-requested-with": ["XMLHttpRequest"],
}

KINDS_OF_CONTENT = [
    *(
        "application/json",
        "text/plain",
        "application/xml",
        "application/octet-stream",
        "",
        "a/b/c",
    ),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\xe9",
    ),
    "multipart/form-data; boundary=" + "b" * 300,
    *("application/x-www-form-urlencoded; charset=utf-16", "multipart/mixed; boundary=x"),
    *("application/x-www-form-urlencoded; charset=nothing", "application/json; charset=utf-7"),
]

FILES = [
    ("a.pdf", b"%PDF-1.4\n1 0 obj << /OpenAction << /S /JavaScript /JS (zap()) >> >> endobj\n"),
    *(
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-"),
        ("../../a.pdf", b"%PDF-1.7\n%%EOF"),
        ("a.pdf", b"GIF89a"),
    ),
    *(("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40), ("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 99)),
    *(("a.svg", b"<svg onload='zap()'/>"), ("a.zip", b"PK\x03\x04" + b"\0" * 60), ("", b"x")),
    *(("a" * 400 + ".pdf", b"%PDF-1.7\n%%EOF"), ("\u202efdp.exe", b"MZ"), (".htaccess", b"x")),
    ("a.pdf", b"%PDF-1.7\n" + b"9" * 70_000),
]


class Request(NamedTuple):
    """What is sent, and by somebody in which role."""

    role: str
    method: str
    path: bytes
    query: bytes
    content: bytes
    content_type: str
    headers: Mapping[str, str]

    def __str__(self) -> str:
        query = f"?{self.query[:200]!r}" if self.query else ""
        sent = f" {self.content_type}: {self.content[:300]!r}" if self.content else ""
        headers = f" {dict(self.headers)}" if self.headers else ""
        return f"{self.role}: {self.method} {self.path[:200]!r}{query}{headers}{sent}"


class Doors(NamedTuple):
    """What there is to ask for."""

    public: list[str]
    """Addresses of pages and of the API, with what follows the question mark."""
    desk: list[str]
    form_at: Callable[[str, str], Pairs]
    """What somebody in a role would send back from the form at an address, if there is one."""
    roles: list[str]


def request(seed: int, number: int, doors: Doors) -> Request:
    """Return one request of a run."""
    random = Random(f"{seed}-{number}")
    kind = random.choices(["public", "desk", "form"], [45, 20, 35])[0]
    if kind == "public":
        role = random.choice(["Visitor", "Visitor", "Visitor", *doors.roles])
        address = random.choice(doors.public)
    else:
        role = random.choice(["Visitor", *doors.roles, *doors.roles])
        address = random.choice(doors.desk)
    path, __, query = address.partition("?")
    pairs = broken_query(random, query)
    method = random.choice(METHODS) if random.random() < 0.05 else "GET"
    content, content_type = b"", ""
    if kind == "form":
        method = "POST"
        fields = doors.form_at(role, path)
        content, content_type = encoded(random, broken_form(random, fields))
        pairs = pairs if random.random() < 0.2 else []
    elif random.random() < 0.03:
        method, content = "POST", junk(random)
        content_type = random.choice(KINDS_OF_CONTENT)
    return Request(
        role,
        method,
        broken_path(random, path) if random.random() < 0.25 else path.encode(),
        quoted(random, pairs),
        content,
        content_type,
        {name: random.choice(HEADERS[name]) for name in some(random, HEADERS, 0.15)},
    )


def some(random: Random, things: Iterable[Any], chance: float) -> list[Any]:
    """Return none of the things, or one to three."""
    if random.random() > chance:
        return []
    return random.sample([*things], random.randint(1, 3))


def text(random: Random) -> str:
    return random.choice(TEXTS)


def junk(random: Random) -> bytes:
    return random.choice(
        [
            *(b"{", b"[" * 5000, b'{"a": NaN}', b"\xff\xfe\0", b"<!DOCTYPE a [<!ENTITY b 'c'>]>"),
            *(b"=&" * 2000, b"a=1&a=2", b"--x\r\n\r\n--x--", random.randbytes(300)),
        ]
    )


def broken_path(random: Random, path: str) -> bytes:
    """Return an address in which one part is something else, as bytes without escapes."""
    parts = unquote_to_bytes(path).split(b"/")
    place = random.randrange(1, len(parts)) if len(parts) > 1 else 0
    other = text(random).encode(errors="surrogatepass")
    way = random.randrange(7)
    if way < 3:
        parts[place] = other
    elif way == 3:
        parts.insert(place, other)
    elif way == 4:
        del parts[place]
    elif way == 5:
        parts[place] = parts[place].upper() + random.choice([b"\xff", b"%", b" ", b"\xc3\x28"])
    else:
        parts.insert(place, random.choice([b"", b".", b"..", b"%2e%2e"]))
    return b"/" + b"/".join(parts).lstrip(b"/")


def broken_query(random: Random, query: str) -> Pairs:
    """Return the pairs after the question mark, some of them changed and some added."""
    pairs = [
        (name, value) for name, __, value in (p.partition("=") for p in query.split("&") if p)
    ]
    if pairs and random.random() < 0.5:
        place = random.randrange(len(pairs))
        pairs[place] = (pairs[place][0], text(random))
    for __ in range(random.choice([0, 0, 1, 1, 2, 3])):
        pairs.append((random.choice(NAMES), text(random)))
    return pairs


def quoted(random: Random, pairs: Pairs) -> bytes:
    """Return pairs as a browser writes them, or nearly."""
    if random.random() < 0.02:
        return random.choice([b"\xff=\xfe", b"%", b"%zz=%", b"a" * 5000, b"a&" * 1500, b"%00=1"])
    written = (
        f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
        for name, value in pairs
    )
    return "&".join(written).encode()


def broken_form(random: Random, fields: Pairs) -> Pairs:
    """Return what a form sends, with one to five faults."""
    pairs = [*fields]
    for __ in range(random.randint(1, 5)):
        way = random.randrange(8)
        place = random.randrange(len(pairs)) if pairs else 0
        if not pairs or way == 0:
            pairs.append((random.choice([*NAMES, *BUTTONS]), text(random)))
        elif way in (1, 2, 3):
            pairs[place] = (pairs[place][0], text(random))
        elif way == 4:
            del pairs[place]
        elif way == 5:
            pairs.append((pairs[place][0], text(random)))
        elif way == 6:  # a value of another field: the key of another record, a date as a number
            pairs[place] = (pairs[place][0], random.choice(pairs)[1])
        else:
            pairs = counts_changed(random, pairs)
    if random.random() < 0.3:
        pairs.append((random.choice(BUTTONS), random.choice(["1", "", "yes"])))
    return pairs


def counts_changed(random: Random, pairs: Pairs) -> Pairs:
    """Return a form that counts other rows than it has."""
    count = random.choice(["0", "1", "2", "5", "-1", "", "x", "1001", "9" * 30])
    places = [place for place, (name, __) in enumerate(pairs) if name.endswith("_FORMS")]
    if places:
        place = random.choice(places)
        pairs[place] = (pairs[place][0], count)
        prefix = pairs[place][0].rpartition("-")[0]
        names = {name for name, __ in pairs if re.match(rf"{re.escape(prefix)}-0-", name)}
        pairs += [(name.replace("-0-", "-1-", 1), text(random)) for name in sorted(names)]
    return pairs


def encoded(random: Random, pairs: Pairs) -> tuple[bytes, str]:
    """Return a form as bytes, and what it says that these are."""
    way = random.random()
    if way < 0.6:
        return quoted(random, pairs), "application/x-www-form-urlencoded"
    if way < 0.9:
        return in_parts(random, pairs)
    return random.choice([quoted(random, pairs), junk(random)]), random.choice(KINDS_OF_CONTENT)


def in_parts(random: Random, pairs: Pairs) -> tuple[bytes, str]:
    """Return a form in parts, perhaps with files, perhaps cut off."""
    edge = "edge" + str(random.randrange(10**9))
    lines: list[bytes] = []
    for name, value in pairs:
        named = quote_from_bytes(name.encode(errors="surrogatepass"), safe=" -_[]")
        lines += [
            f'--{edge}\r\nContent-Disposition: form-data; name="{named}"\r\n\r\n'.encode(),
            value.encode(errors="surrogatepass"),
            b"\r\n",
        ]
    for __ in range(random.choice([0, 1, 1, 2])):
        names = ["document", "picture", *(name for name, __ in pairs[:9] if name.isascii())]
        called, content = random.choice(FILES)
        lines += [
            f'--{edge}\r\nContent-Disposition: form-data; name="{random.choice(names)}";'.encode(),
            f' filename="{called}"\r\nContent-Type: application/pdf\r\n\r\n'.encode(),
            content,
            b"\r\n",
        ]
    whole = b"".join([*lines, f"--{edge}--\r\n".encode()])
    if random.random() < 0.1:
        whole = whole[: random.randrange(len(whole))]
    return whole, f"multipart/form-data; boundary={edge}"
