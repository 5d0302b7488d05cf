"""Texts locked with a key that is not in the database (MultiFernet), and their prints.

A key file holds one key a line, the newest first; a line that begins with # is a
remark. The first key locks, every key unlocks, so a key can be changed while the system
runs. A print (HMAC) tells whether two locked texts are equal, and nothing else.
"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class KeyMissing(Exception):
    """There is no usable key; the text says where one was looked for."""


class WrongKey(Exception):
    """No key of the file unlocks this text."""


class SecretBox:
    """Locks and unlocks texts with the keys of one file."""

    def __init__(self, keys):
        if not keys:
            raise KeyMissing("no key")
        try:
            boxes = [Fernet(key) for key in keys]
        except ValueError as error:
            raise KeyMissing("not a key") from error
        self._first = boxes[0]
        self._box = MultiFernet(boxes)
        self._print_keys = [
            hmac.new(key, b"cs_helpdesk print", hashlib.sha256).digest() for key in keys
        ]

    def lock(self, text):
        """Return a text as a token; each time another one."""
        return self._first.encrypt(text.encode()).decode()

    def unlock(self, token):
        """Return the text of a token.

        :raise WrongKey: made with a key that is not in the file, or damaged
        """
        try:
            return self._box.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise WrongKey("no key fits") from error

    def is_current(self, token):
        """Return whether a token was made with the first key."""
        try:
            self._first.decrypt(token.encode())
        except InvalidToken:
            return False
        return True

    def prints(self, text):
        """Return the prints of a text, the one by the first key first."""
        plain = normalize(text).encode()
        return [
            hmac.new(key, plain, hashlib.sha256).hexdigest() for key in self._print_keys
        ]


def normalize(text):
    """Return a number or account as it is compared: no separators, capital letters."""
    return "".join(c for c in (text or "") if c.isalnum()).upper()


def new_key():
    """Return a key as a line of a key file."""
    return Fernet.generate_key().decode()


def read_keys(path):
    """Return the keys of a file, the newest first.

    :raise KeyMissing: no such file, or nothing in it
    """
    try:
        lines = Path(path).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyMissing(str(path)) from error
    keys = [
        line.strip().encode() for line in lines if line.strip()[:1] not in ("", "#")
    ]
    if not keys:
        raise KeyMissing(str(path))
    return keys


def write_keys(path, keys):
    """Write a key file that only its owner reads; never half of it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("# keys of cs_helpdesk, the newest first\n")
            file.writelines(
                f"{key.decode() if isinstance(key, bytes) else key}\n" for key in keys
            )
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def make_keys(path):
    """Write a file with a first key; the one that is there already stays."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# keys of cs_helpdesk, the newest first\n{new_key()}\n")


def add_key(path):
    """Put a new key before the others; the old ones go on unlocking."""
    write_keys(path, [new_key(), *read_keys(path)])


def drop_old_keys(path):
    """Keep the first key alone."""
    write_keys(path, read_keys(path)[:1])
