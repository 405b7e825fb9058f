"""`python -m tests.advisories` finds a flaw in what is locked, by made-up advisories."""

import json
import zipfile

import pytest

from tests import advisories

LOCKED = {"django": "5.2.19", "pillow": "13.0.0"}


def advisory(*events, name="Django", ecosystem="PyPI", versions=(), **more):
    """An advisory in the form of OSV: events are pairs of words, in the order of the file."""
    package = {"name": name, "ecosystem": ecosystem}
    ranges = [{"type": "ECOSYSTEM", "events": [dict([event]) for event in events]}]
    affected = [{"package": package, "ranges": ranges, "versions": list(versions)}]
    return {
        "id": "GHSA-1",
        "aliases": ["CVE-1"],
        "summary": "A flaw.",
        "affected": affected,
    } | more


START = ("introduced", "0")


@pytest.mark.parametrize(
    ("made_up", "is_found"),
    [
        (advisory(START), True),
        (advisory(START, ("fixed", "5.2.20")), True),
        (advisory(START, ("fixed", "5.2.19")), False),
        (advisory(("fixed", "5.2.9"), START), False),  # 5.2.9 is before 5.2.19
        (advisory(START, ("fixed", "4.2"), ("introduced", "5.2"), ("fixed", "5.3")), True),
        (advisory(START, ("last_affected", "5.2.19")), True),
        (advisory(START, ("last_affected", "5.2.18")), False),
        (advisory(("introduced", "6.0")), False),
        (advisory(versions=["5.2.19"]), True),
        (advisory(versions=["5.2.18"]), False),
        (advisory(START, name="Django-Other"), False),
        (advisory(START, ecosystem="npm"), False),
        (advisory(START, ("fixed", "a strange one"), ("fixed", "5.2.1")), False),
        (advisory(START, name="PILLOW"), True),
        (advisory(START, affected=[]), False),
    ],
)
def test_flaw_is_found_by_name_and_version(made_up, is_found):
    assert bool([*advisories.flaws(LOCKED, iter([made_up]))]) is is_found


def test_accepted_flaw_is_left_out(monkeypatch):
    monkeypatch.setattr(advisories, "ACCEPTED", {"CVE-1": "The site reads no such file."})

    assert [*advisories.flaws(LOCKED, iter([advisory(START)]))] == []


def test_file_of_advisories_is_compared_with_what_is_locked(tmp_path, capsys):
    path, libraries = tmp_path / "all.zip", advisories.locked()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(advisory(START, name="waitress")))
        archive.writestr("GHSA-2.json", json.dumps(advisory(START) | {"withdrawn": "2026-01-01"}))
        archive.writestr("README", "no advisory")

    assert advisories.main([str(path)]) == advisories.FLAWED
    assert capsys.readouterr().out == (
        f"waitress {libraries['waitress']}: GHSA-1 (CVE-1). A flaw.\n"
        f"1 known flaws in {len(libraries)} libraries.\n"
    )
    assert "lrscc-register" not in libraries
    assert len(libraries) > 50


def test_file_that_is_none_is_no_all_clear(tmp_path, capsys):
    (tmp_path / "all.zip").write_text("<html>")

    assert advisories.main([str(tmp_path / "all.zip")]) == advisories.NOT_READ
    assert advisories.main([str(tmp_path / "none.zip")]) == advisories.NOT_READ
    assert "cannot be read" in capsys.readouterr().err
