"""Locked texts: only the key opens them, and a key can be changed (003-63)."""

import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "addons" / "cs_helpdesk" / "lib")
)
import secret_box  # noqa: E402

OLD, NEW = (secret_box.new_key().encode() for _key in range(2))


@given(st.text(min_size=1, max_size=60))
def test_round_trip(text):
    box = secret_box.SecretBox([OLD])
    token = box.lock(text)
    assert box.unlock(token) == text
    assert box.lock(text) != token
    with pytest.raises(secret_box.WrongKey):
        secret_box.SecretBox([NEW]).unlock(token)


@given(st.text(alphabet="0123456789Xx", min_size=1, max_size=20))
def test_prints_compare(text):
    old, both = secret_box.SecretBox([OLD]), secret_box.SecretBox([NEW, OLD])
    assert old.prints(text)[0] in both.prints(f" {text[:3]}-{text[3:].lower()}")
    assert old.prints(text) != old.prints(text + "0")
    assert text not in "".join(both.prints(text)) or len(text) < 5


def test_keys_of_a_file(tmp_path):
    path = tmp_path / "deep" / "secret.key"
    with pytest.raises(secret_box.KeyMissing):
        secret_box.read_keys(path)
    secret_box.make_keys(path)
    first = secret_box.read_keys(path)
    secret_box.make_keys(path)
    assert secret_box.read_keys(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    token = secret_box.SecretBox(first).lock("x")
    secret_box.add_key(path)
    box = secret_box.SecretBox(secret_box.read_keys(path))
    assert box.unlock(token) == "x" and not box.is_current(token)
    secret_box.drop_old_keys(path)
    assert first[0] not in secret_box.read_keys(path)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "schlüssel"])
def test_no_key(tmp_path, text):
    path = tmp_path / "secret.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(secret_box.KeyMissing):
        secret_box.SecretBox(secret_box.read_keys(path))
