"""`valueops gate` on a warehouse made by hand: what it says, and how it ends."""

import json

import duckdb
import pytest
from contract_marts import create_marts
from valueops_command import valueops

HOSTILE = """x'); drop table marts.fct_version_run_rates; --<script>|`@all`"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Chat: v1 serves, v2 doubled its cost, v3 is on a price list, v4 on none. And an attack."""
    home = tmp_path_factory.mktemp("home")
    with create_marts(home / "warehouse.duckdb") as connection:
        for values in (
            """'chat' as model_name, 'v1' as model_version, 10 as served_days, 3100 as requests,
                3100 as model_requests, 3100000 as total_tokens, 3100000 as input_tokens,
                3100 as direct_cost_usd, 1 as cost_per_request_usd, 1000 as cost_per_mtok_usd,
                cast('2026-06-20' as date) as last_day, 0.9 as quality,
                cast('2026-06-01' as date) as evaluated_on""",
            """'chat' as model_name, 'v2' as model_version, 'v1' as version_before,
                10 as served_days, 3100 as requests, 3100 as model_requests,
                3100000 as total_tokens, 6200 as direct_cost_usd, 2 as cost_per_request_usd,
                2000 as cost_per_mtok_usd, cast('2026-06-20' as date) as last_day""",
            """'chat' as model_name, 'v3' as model_version, 'v1' as version_before,
                'openai' as token_provider, 500 as input_per_mtok_usd, 500 as output_per_mtok_usd,
                500 as cache_read_per_mtok_usd, 500 as cache_creation_per_mtok_usd""",
            "'chat' as model_name, 'v4' as model_version, 'v1' as version_before",
            f"""'{HOSTILE.replace("'", "''")}' as model_name, 'v1' as model_version,
                2 as served_days, 10 as requests, 10 as model_requests, 1 as direct_cost_usd,
                0.1 as cost_per_request_usd, cast('2026-06-20' as date) as last_day""",
        ):
            connection.execute(f"insert into marts.fct_version_run_rates by name select {values}")
        connection.execute("""
            update marts.fct_version_run_rates set
                quality_metric = 'accuracy', quality_floor = 0.7, cost_spike_ratio = 1.25,
                as_of_date = '2026-06-20', hosting = 'api', accelerator = 'unattributed',
                served_days = coalesce(served_days, 0), requests = coalesce(requests, 0),
                model_requests = coalesce(model_requests, 0),
                total_tokens = coalesce(total_tokens, 0),
                input_tokens = coalesce(input_tokens, 0),
                output_tokens = coalesce(output_tokens, 0),
                cache_read_tokens = coalesce(cache_read_tokens, 0),
                cache_creation_tokens = coalesce(cache_creation_tokens, 0),
                direct_cost_usd = coalesce(direct_cost_usd, 0)
        """)
        connection.execute("""
            insert into marts.fct_version_changes by name
            select
                'chat' as model_name, 'v1' as from_version, 'v2' as to_version,
                'before_after' as basis, 2 as cost_per_request_ratio, 2 as cost_per_mtok_ratio,
                true as is_cost_spike, false as is_justified, 0 as intensity_effect_usd,
                310 as rate_effect_usd
        """)
        connection.execute("""
            insert into marts.fct_budget_status by name
            select
                role, 'unattributed' as team, model_name,
                cast(period_start as date) as period_start, cast(period_end as date) as period_end,
                cast('2026-06-20' as date) as as_of_date, 100 as amount_usd, actual_usd,
                90 as projected_usd, status
            from (values
                ('head', 'chat', '2026-06-01', '2026-06-30', 60, 'ok'),
                -- over, but of another month
                ('head', 'chat', '2026-05-01', '2026-05-31', 160, 'exceeded'),
                ('boss', 'unattributed', '2026-06-01', '2026-06-30', 160, 'exceeded'),
                ('other', 'search', '2026-06-01', '2026-06-30', 160, 'exceeded')
            ) as budgets (role, model_name, period_start, period_end, actual_usd, status)
        """)
    return home


def gate(home, model, version, *more, style="json"):
    return valueops(
        "gate", "--home", home, "--model", model, "--version", version, "--format", style, *more
    )


def outcomes(done):
    return {rule["rule"]: rule["outcome"] for rule in json.loads(done.stdout)["rules"]}


def test_a_version_that_breaks_nothing_passes(home):
    done = gate(home, "Chat", " v1")
    said = json.loads(done.stdout)
    assert (done.returncode, said["exit_code"], said["is_passed"]) == (0, 0, True)
    assert said["estimate"]["cost_usd"] == "9610.000000000000"
    # head's budget of June; boss's is everybody's, but chat takes nothing from it
    assert [b["role"] for b in said["budgets"]] == ["head"]
    assert said["budgets"][0]["left_usd"] == "40.000000000000"


def test_an_unjustified_spike_holds_up(home):
    done = gate(home, "chat", "v2")
    assert done.returncode == 3
    (spike,) = (r for r in json.loads(done.stdout)["rules"] if r["outcome"] == "broken")
    assert (spike["rule"], spike["dollars"]) == ("unjustified_cost_spike", "9300.000000000000")


def test_a_version_not_shipped_is_judged_by_its_price(home):
    # 1,000 tokens a call at 500 a million: half of what v1 costs
    done = gate(home, "chat", "v3", "--expected-requests", "10")
    said = json.loads(done.stdout)
    assert (done.returncode, said["estimate"]["basis"]) == (0, "token_prices")
    assert said["estimate"]["cost_usd"] == "5.000000000000"
    assert said["estimate"]["compared_usd"] == "10.000000000000"


def test_against_another_version(home):
    done = gate(home, "chat", "v3", "--against", "v2", "--expected-requests", "10")
    assert json.loads(done.stdout)["against_version"] == "v2"


@pytest.mark.parametrize("version", ["v4", "v99"])
def test_no_basis_ends_with_4(home, version):
    done = gate(home, "chat", version)
    assert done.returncode == 4
    assert json.loads(done.stdout)["no_basis"]


def test_a_waiver_lets_pass_until_it_expires(home, tmp_path):
    entry = """[[waiver]]
        model = "chat"
        version = "v2"
        rule = "unjustified_cost_spike"
        owner = "jane"
        reason = "known"
        expires = {}
    """
    path = tmp_path / "waivers.toml"
    path.write_text(entry.format("9999-12-31"), encoding="utf-8")
    done = gate(home, "chat", "v2", "--waivers", path)
    assert (done.returncode, outcomes(done)["unjustified_cost_spike"]) == (0, "waived")
    path.write_text(entry.format("2026-01-01"), encoding="utf-8")
    done = gate(home, "chat", "v2", "--waivers", path, style="md")
    assert done.returncode == 3
    assert "waiver has expired; by jane to 2026-01-01" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("chatt", "v1"), "no model chatt; nearest: chat"),
        (("chat", "v1", "--against", "v0"), "chat has no version v0; nearest: v"),
        (("chat", "v1", "--against", "V1"), "is the version itself"),
        (("chat", "v1", "--role", "hed"), "no budget names role hed; nearest: head"),
        (("chat", "v1", "--waivers", "/none.toml"), "cannot be read"),
    ],
)
def test_a_wrong_name_is_one_line(home, arguments, message):
    done = gate(home, *arguments)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1 and not done.stdout


def test_a_budget_it_takes_nothing_from_is_not_asked(home):
    assert gate(home, "chat", "v1", "--role", "boss").returncode == 0


def test_hostile_names_stay_names(home):
    done = gate(home, HOSTILE, "v1", style="md")
    assert done.returncode == 0, done.stderr
    heading = done.stdout.splitlines()[0]
    assert r"\<script\>\|\`@" in heading
    assert "@all" not in done.stdout
    # asked about what is not there, whatever it looks like
    done = gate(home, "chat", HOSTILE)
    assert done.returncode == 4
    assert gate(home, "chat", "v1").returncode == 0


def test_a_warehouse_from_before_the_gate_says_what_to_do(tmp_path):
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("create schema marts; create schema ops")
    done = gate(tmp_path, "chat", "v1")
    assert done.returncode == 1
    assert "valueops refresh --full" in done.stderr
