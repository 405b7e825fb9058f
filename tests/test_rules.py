"""Rules that have an identity, and the page that lists them."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cities.records.rules import OUR_DECISION, Rule, enforce, rule
from lrscc.management.commands.write_rules import GROUPS, PAGE, rules_page

EVERY_RULE = [rule for rules in GROUPS.values() for rule in rules]


def test_page_of_rules_is_current():
    """If not, run `uv run manage.py write_rules` and commit docs/rules.md."""
    assert PAGE.read_text() == rules_page()


def test_each_rule_has_a_code_of_its_own_a_sentence_and_an_origin():
    assert len({rule.code for rule in EVERY_RULE}) == len(EVERY_RULE) == 35
    assert [rule.code for rule in EVERY_RULE if not rule.origin] == []
    assert [rule.code for rule in EVERY_RULE if not rule.sentence.endswith(".")] == []


@rule("T1", "name")
def named(record: str) -> list[str]:
    """A record has a name,
    in one line.

    This is no part of the rule.
    """
    return [] if record else ["Give it a name.", "Any name."]


@rule("T2", "name", "City Charter")
def short(record: str, longest: int = 3) -> list[str]:
    """A name is short."""
    return [] if len(record) <= longest else ["Make it shorter."]


def test_rule_is_made_of_a_check_and_its_docstring():
    assert (named.code, named.field, named.origin) == ("T1", "name", OUR_DECISION)
    assert named.sentence == "A record has a name, in one line."
    assert short == Rule("T2", "name", "A name is short.", "City Charter", short.check)
    assert (named(""), named("Otsu")) == (["Give it a name.", "Any name."], [])


def test_error_has_the_code_of_the_rule_that_is_broken():
    enforce([named, short], "abc")
    enforce([short], "abcd", 4)

    with pytest.raises(ValidationError) as refused:
        enforce([named, short], "abcd")

    (error,) = refused.value.error_dict["name"]
    assert (error.code, error.message) == ("T2", "Make it shorter.")
    with pytest.raises(ValidationError) as refused:
        enforce([named, short], "")
    assert [error.code for error in refused.value.error_dict["name"]] == ["T1", "T1"]


def test_command_writes_the_page(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("lrscc.management.commands.write_rules.PAGE", tmp_path / "rules.md")

    call_command("write_rules")

    assert (tmp_path / "rules.md").read_text() == rules_page()
    assert capsys.readouterr().out == "Wrote rules.md.\n"
