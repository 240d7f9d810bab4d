"""A published warehouse in which every row of every mart says whose it is."""

import secrets
from pathlib import Path

from contract_marts import create_marts, mart_contracts

# Every spelling that a join, a path, a statement or a pattern could trip over; names are in lower
# case here, as everywhere in the warehouse.
TEAMS = {
    "plain": "support",
    "quote": 'o\'brien "and" sons',
    "statement": "'; drop table marts.dim_team; --",
    "percent": "%",
    "underscore": "_",
    "longer": "support_",
    "newline": "two\nlines",
    "emoji": "🦆 team",
    "look-alike": "suppоrt",  # noqa: RUF001 - a Cyrillic o
    "climb": "../../etc",
    "nul": "a\0b",
    "unowned": "somebody else",
}
ROLES = {
    "head-of-support": ["plain", "quote"],
    "'; drop table marts.dim_role; --": ["statement", "percent"],
    "../../x": ["underscore"],
    "a/b": ["longer", "newline"],
    "con": ["emoji"],
    "a\0b": ["look-alike", "nul"],
    "r" * 400: ["climb"],
    "hеad-of-support": ["quote"],  # noqa: RUF001 - a Cyrillic e
}
SHARED = {"both": ["plain", "statement"], "half known": ["plain", None]}


class Planted:
    """The warehouse, and the mark that every row of a team carries in every text column."""

    def __init__(self, warehouse: Path) -> None:
        self.marks = {key: f"mark {secrets.token_hex(16)}" for key in (*TEAMS, "nobody")}
        self.warehouse = warehouse
        with create_marts(warehouse) as connection:
            connection.begin()
            connection.execute(
                "create table ops.build_info as select date '2026-06-30' as as_of_date"
            )
            for table, columns in mart_contracts().items():
                rows = list(self._rows(table, [column["name"] for column in columns], columns))
                marks = ", ".join("?" for _ in columns)
                if rows:
                    connection.executemany(f"insert into marts.{table} values ({marks})", rows)
            connection.commit()

    def _rows(self, table, names, columns):
        for subject in self._subjects(table, names):
            mark = self.marks[subject.pop("of")]
            yield [
                subject.get(column["name"], _anything(column["data_type"], mark))
                for column in columns
            ]

    def _subjects(self, table, names):
        """What the rows of a mart are about, as columns; `of` is whose mark the rest carries."""
        if table == "dim_role":
            for role, keys in ROLES.items():
                yield from ({"of": key, "role": role, "team": TEAMS[key]} for key in keys)
        elif table == "fct_alerts":
            for key, team in TEAMS.items():
                about = {"team": team, "model_name": f"model of {key}"}
                yield {"of": key, "kind": "drift", **about}
                # whose budget it is only the text says: anybody's
                yield {"of": "nobody", "kind": "budget_exceeded", **about}
            both = {"team": TEAMS["plain"], "model_name": "both"}
            yield {"of": "nobody", "kind": "zombie", **both}
        elif "role" in names:
            for role, keys in ROLES.items():
                for key in TEAMS:
                    of = key if key in keys else "unowned"
                    yield {"of": of, "role": role, "team": TEAMS[key], "model_name": key}
                yield {"of": keys[0], "role": role, "team": "unattributed", "model_name": "all"}
            yield {"of": "nobody", "role": "unattributed", "team": "unattributed"}
        elif "team" in names:
            for key, team in TEAMS.items():
                yield {"of": key, "team": team, "model_name": f"model of {key}"}
                yield {"of": key, "team": team, "model_name": "unattributed"}
            for model, keys in SHARED.items():
                for key in keys:
                    team = TEAMS[key] if key else "unattributed"
                    yield {"of": key or "nobody", "team": team, "model_name": model}
            yield {"of": "nobody", "team": "unattributed", "model_name": "unattributed"}
        elif "model_name" in names:
            for key in TEAMS:
                yield {"of": key, "model_name": f"model of {key}"}
            yield from ({"of": "nobody", "model_name": m} for m in (*SHARED, "unattributed"))
        elif table != "dim_date":
            yield {"of": "nobody"}


def _anything(data_type: str, mark: str):
    if data_type == "varchar":
        return mark
    if data_type in ("date", "timestamp"):
        return "2026-06-01"
    return True if data_type == "boolean" else 7
