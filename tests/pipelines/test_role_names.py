"""File names of roles: nothing that a disk could take for a path, a device, or another role."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.roles.names import role_file_name


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("head-of-ml", "head-of-ml.duckdb"),
        ("../../x", "%2e%2e%2f%2e%2e%2fx.duckdb"),
        ("a/b", "a%2fb.duckdb"),
        ("a%2fb", "a%252fb.duckdb"),
        ("nul\0", "nul%00.duckdb"),
        ("con", "%63on.duckdb"),
        ("Con", "%43on.duckdb"),
        ("é", "%c3%a9.duckdb"),
        ("e\u0301", "e%cc%81.duckdb"),
        ("a.", "a%2e.duckdb"),
        (" ", "%20.duckdb"),
    ],
)
def test_known_names(role: str, name: str) -> None:
    assert role_file_name(role) == name


@given(st.text(min_size=1))
def test_any_role_has_a_plain_name_that_says_which(role: str) -> None:
    name = role_file_name(role)
    assert re.fullmatch(r"[a-z0-9_%~-]{1,160}\.duckdb", name)
    stem = name.removesuffix(".duckdb")
    if "~" not in stem:
        assert unquote(stem, errors="strict") == role


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_roles_have_two_names(one: str, other: str) -> None:
    assert (role_file_name(one) == role_file_name(other)) == (one == other)


def test_long_roles_differ_after_the_cut() -> None:
    names = {role_file_name("r" * 300 + end) for end in ("", "a", "b", "A")}
    assert len({name.casefold() for name in names}) == 4
    assert max(map(len, names)) <= 255


def test_a_role_without_a_name_has_no_file() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        role_file_name("")
