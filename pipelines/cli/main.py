"""The command itself: which commands there are, and errors as one line."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from pipelines.cli import asking, running
from pipelines.cli.alerts import alerts
from pipelines.cli.subscriptions import subscriptions
from pipelines.errors import UserError


class OneLineErrors(TyperGroup):
    """Errors are one line, never a traceback; wrong usage has exit code 1, as any error."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command and ends the process with its exit code."""
        args = list(sys.argv[1:] if args is None else args) or ["--help"]
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
            sys.stdout.flush()
        except (typer.TyperException, UserError) as error:
            message = (
                error.format_message() if isinstance(error, typer.TyperException) else str(error)
            )
            sys.exit(_complain(message))
        except typer.Abort:
            sys.exit(_complain("interrupted"))
        except BrokenPipeError:
            # Whoever read our output has enough of it; Python must not complain when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:
            if os.environ.get("VALUEOPS_TRACEBACK"):
                raise
            told = " ".join(str(error).split()) or "no message"
            sys.exit(
                _complain(
                    f"{type(error).__name__}: {told} "
                    "(unexpected; VALUEOPS_TRACEBACK=1 shows where it comes from)"
                )
            )
        sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str) -> int:
    from pipelines.harmless import harmless

    sys.stderr.write(f"valueops: {harmless(message)}\n")
    return 1


app = typer.Typer(
    cls=OneLineErrors,
    add_completion=False,
    # Plain help answers at once; the decorated kind takes longer to import than to read.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="An exact AI FinOps warehouse: what each model version costs, what it is worth, "
    "and how many GPUs it will need.",
)

for command in (
    running.demo,
    running.refresh,
    running.close,
    running.report,
    asking.sql,
    asking.budgets,
    running.roles,
    asking.forecast,
    asking.plan,
    asking.gate,
    asking.explain,
    running.compact,
    running.doctor,
    running.dev,
):
    app.command()(command)
app.add_typer(alerts, name="alerts")
app.add_typer(subscriptions, name="subscriptions")
