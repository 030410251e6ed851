"""Digests in the spelling of the field, checked against warcio's."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st
from warcio.utils import Digester

from archive.digest import digest, digest_of
from archive.spool import Spool


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_bytes_pieces_and_spools_have_one_digest(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    by_warcio = Digester("sha1")
    by_warcio.update(data)
    spool = Spool(data)
    assert digest(data) == digest(spool) == digest_of(pieces) == str(by_warcio)
    assert digest(data, "sha256") == f"sha256:{hashlib.sha256(data).hexdigest()}"
    spool.close()
